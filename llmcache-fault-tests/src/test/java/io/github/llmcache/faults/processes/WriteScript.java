package io.github.llmcache.faults.processes;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What one thread of a writer does, step by step: the same for the same numbers, so that
 * whoever has killed it knows what it may have been at.
 */
final class WriteScript {

	static final int THREADS = 4;

	private static final int KEYS = 150;

	private static final int MOST_AT_ONCE = 5;

	private final int thread;

	private final long firstVersion;

	private final SplittableRandom random;

	private long steps;

	/**
	 * Create a script.
	 * @param seed what it depends on
	 * @param round which process it is for, from 0
	 * @param thread which of its threads it is for; no two write to the same keys
	 */
	WriteScript(long seed, int round, int thread) {
		this.thread = thread;
		this.firstVersion = round * 1_000_000L;
		this.random = new SplittableRandom(seed + round * (long) THREADS + thread);
	}

	Step next() {
		long version = this.firstVersion + this.steps++;
		int choice = this.random.nextInt(100);
		if (choice < 50) {
			return new Step(Kind.PUT, keys(this.random.nextInt(1, MOST_AT_ONCE + 1)), version);
		}
		if (choice < 85) {
			return new Step(Kind.APPEND, keys(1), version);
		}
		return new Step((choice < 95) ? Kind.DELETE : Kind.COUNT, keys(1), version);
	}

	private List<String> keys(int count) {
		List<String> keys = new ArrayList<>();
		int first = this.random.nextInt(KEYS);
		for (int i = 0; i < count; i++) {
			keys.add(this.thread + "-" + (first + i) % KEYS);
		}
		return keys;
	}

	/**
	 * What is done with entries.
	 */
	enum Kind {

		/** Replace entries. */
		PUT,

		/** Add a sample to an entry. */
		APPEND,

		/** Delete an entry. */
		DELETE,

		/** Add to what has been counted. */
		COUNT

	}

	/**
	 * One step.
	 *
	 * @param kind what is done
	 * @param keys with which entries
	 * @param version the version of their new bodies
	 */
	record Step(Kind kind, List<String> keys, long version) {

		/**
		 * Return what becomes of an entry.
		 * @param samples the versions of its samples before
		 * @return their versions afterwards
		 */
		List<Long> apply(List<Long> samples) {
			return switch (this.kind) {
				case PUT -> List.of(this.version);
				case APPEND -> {
					List<Long> more = new ArrayList<>(samples);
					more.add(this.version);
					yield List.copyOf(more);
				}
				case DELETE -> List.of();
				case COUNT -> samples;
			};
		}

	}

}
