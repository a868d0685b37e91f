package io.github.llmcache.cli.transfer;

import java.util.List;

/**
 * What has become of entries that were to be imported.
 *
 * @param added how many were not there
 * @param replaced how many have replaced another one, or one that could not be read or
 * had expired
 * @param extended how many have given other responses to one that is there
 * @param unchanged how many were there already, exactly alike, or have no response that
 * is not
 * @param kept how many were not imported, for another one is there
 * @param leftOut how many were not wanted
 * @param skipped what could not be imported
 */
public record ImportSummary(long added, long replaced, long extended, long unchanged, long kept, long leftOut,
		List<SkippedEntries> skipped) {

	public ImportSummary {
		skipped = List.copyOf(skipped);
	}

}
