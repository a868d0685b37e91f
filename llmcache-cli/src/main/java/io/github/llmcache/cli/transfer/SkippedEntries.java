package io.github.llmcache.cli.transfer;

import java.util.List;

/**
 * What was skipped for one reason.
 *
 * @param reason why
 * @param count how much
 * @param examples where the first of it was, such as {@code line 12}
 */
public record SkippedEntries(String reason, long count, List<String> examples) {

	public SkippedEntries {
		examples = List.copyOf(examples);
	}

}
