package io.github.llmcache.cli.transfer;

import java.util.List;

/**
 * What has been exported.
 *
 * @param entries how many entries
 * @param bytes how many bytes their lines have, before they are compressed
 * @param withoutRequest what was exported without its request, for nobody could import it
 * with that
 * @param skipped what was not exported
 */
public record ExportSummary(long entries, long bytes, List<SkippedEntries> withoutRequest,
		List<SkippedEntries> skipped) {

	public ExportSummary {
		withoutRequest = List.copyOf(withoutRequest);
		skipped = List.copyOf(skipped);
	}

}
