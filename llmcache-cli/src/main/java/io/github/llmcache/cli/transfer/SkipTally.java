package io.github.llmcache.cli.transfer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what is skipped, by reasons. Used by one thread.
 */
final class SkipTally {

	private static final int MAX_EXAMPLES = 3;

	/** Reasons are few, unless somebody puts into them what differs. */
	private static final int MAX_REASONS = 100;

	private final Map<String, Reason> reasons = new LinkedHashMap<>();

	void add(String where, String reason) {
		String counted = (this.reasons.size() < MAX_REASONS || this.reasons.containsKey(reason)) ? reason
				: "other reasons";
		this.reasons.computeIfAbsent(counted, (first) -> new Reason()).add(where);
	}

	/**
	 * Return what was skipped.
	 * @return the most frequent reason first
	 */
	List<SkippedEntries> result() {
		return this.reasons.entrySet()
			.stream()
			.map((reason) -> new SkippedEntries(reason.getKey(), reason.getValue().count, reason.getValue().examples))
			.sorted(Comparator.comparingLong(SkippedEntries::count).reversed())
			.toList();
	}

	/**
	 * What was skipped for a reason.
	 */
	private static final class Reason {

		private final List<String> examples = new ArrayList<>();

		private long count;

		private void add(String where) {
			this.count++;
			if (this.examples.size() < MAX_EXAMPLES) {
				this.examples.add(where);
			}
		}

	}

}
