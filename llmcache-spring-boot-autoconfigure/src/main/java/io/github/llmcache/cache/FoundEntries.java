package io.github.llmcache.cache;

import java.util.List;

/**
 * The entries that were looked for.
 *
 * @param entries the first of them, in the order that was asked for; those that cannot be
 * read come last
 * @param matching how many there are
 * @param bytes about the space that all of them take, in bytes
 * @param costNanos what all of them had cost, in billionths of a US dollar, as far as it
 * is known
 */
public record FoundEntries(List<EntrySummary> entries, long matching, long bytes, long costNanos) {

	public FoundEntries {
		entries = List.copyOf(entries);
	}

}
