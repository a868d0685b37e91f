package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

import io.github.llmcache.cache.EntryDetails.Facts;
import org.jspecify.annotations.Nullable;

/**
 * Finds the entries whose requests come nearest to one, by their hashes alone: entries
 * that ask the same with other parameters, then those with the same parameters, the same
 * messages in the beginning and the end, and text that is alike. Used by one thread.
 */
final class NearestEntries implements Consumer<EntryDetails> {

	/** How many are kept, to be compared by what they say. */
	static final int CANDIDATES = 32;

	/** More than all other points together. */
	private static final int SAME_MESSAGES = 1024;

	/** As if a fourth of the text were the same. */
	private static final int EQUAL_MESSAGES = 64;

	/** About as much as one word of a short text. */
	private static final int SAME_PARAMETERS = 16;

	/** How many entries are looked at between two looks at the time. */
	private static final int STEP = 4096;

	private final PriorityQueue<Candidate> best = new PriorityQueue<>(CANDIDATES, Candidate.WORST_FIRST);

	private final CacheKey key;

	private final RequestHashes hashes;

	private final InstantSource clock;

	private final Instant deadline;

	/** The only namespace of which entries are looked at, or {@code null} for all. */
	private final @Nullable String namespace;

	private long seen;

	private long entries;

	private long compared;

	private boolean complete;

	/**
	 * Create an instance.
	 * @param request the request
	 * @param clock the time
	 * @param longest how long it may take
	 * @param isolated whether only entries of the request's namespace are looked at
	 */
	NearestEntries(CacheRequest request, InstantSource clock, Duration longest, boolean isolated) {
		this.key = request.key();
		this.hashes = request.hasher().hashes(request);
		this.clock = clock;
		this.namespace = isolated ? request.namespace() : null;
		this.deadline = clock.instant().plus(longest);
	}

	/**
	 * Look at the entries of the request's model.
	 * @param store the store
	 */
	void inspect(CacheStore store) {
		try {
			store.inspect(this.key.model(), this);
			this.complete = true;
		}
		catch (OutOfTimeException ex) {
			// The nearest of those that were looked at are known
		}
	}

	@Override
	public void accept(EntryDetails details) {
		if (this.seen > 0 && this.seen % STEP == 0 && isOutOfTime()) {
			throw new OutOfTimeException();
		}
		this.seen++;
		if (!isMeant(details)) {
			return;
		}
		this.entries++;
		RequestHashes hashes = details.hashes();
		if (hashes == null) {
			return;
		}
		this.compared++;
		int score = score(hashes);
		Candidate worst = (this.best.size() < CANDIDATES) ? null : this.best.element();
		if (worst != null && score < worst.score()) {
			return;
		}
		Instant lastUsed = details.lastUsed();
		if (worst != null && score == worst.score() && !lastUsed.isAfter(worst.lastUsed())) {
			return;
		}
		CacheKey key = details.key();
		if (key.equals(this.key)) {
			// Stored since it was looked for
			return;
		}
		if (worst != null) {
			this.best.remove();
		}
		this.best.add(new Candidate(score, lastUsed, key));
	}

	/**
	 * Of which namespace an entry is that cannot be read, nobody knows.
	 */
	private boolean isMeant(EntryDetails details) {
		if (this.namespace == null) {
			return true;
		}
		Facts facts = details.facts();
		return facts != null && facts.namespace().equals(this.namespace);
	}

	private boolean isOutOfTime() {
		return Thread.currentThread().isInterrupted() || this.clock.instant().isAfter(this.deadline);
	}

	private int score(RequestHashes other) {
		byte[] wanted = this.hashes.messages();
		byte[] stored = other.messages();
		int score = Arrays.equals(this.hashes.parameters(), other.parameters()) ? SAME_PARAMETERS : 0;
		int equal = Arrays.mismatch(wanted, stored);
		if (equal < 0) {
			return score + SAME_MESSAGES;
		}
		int longest = Math.max(wanted.length, stored.length) / RequestHashes.HASH_LENGTH;
		int shortest = Math.min(wanted.length, stored.length) / RequestHashes.HASH_LENGTH;
		int leading = equal / RequestHashes.HASH_LENGTH;
		int trailing = trailing(wanted, stored, shortest - leading);
		return score + EQUAL_MESSAGES * (leading + trailing) / longest
				+ TextSketch.alike(this.hashes.sketch(), other.sketch());
	}

	private static int trailing(byte[] wanted, byte[] stored, int most) {
		int trailing = 0;
		while (trailing < most && isEqualFromEnd(wanted, stored, (trailing + 1) * RequestHashes.HASH_LENGTH)) {
			trailing++;
		}
		return trailing;
	}

	private static boolean isEqualFromEnd(byte[] wanted, byte[] stored, int distance) {
		int from = wanted.length - distance;
		int fromStored = stored.length - distance;
		return Arrays.equals(wanted, from, from + RequestHashes.HASH_LENGTH, stored, fromStored,
				fromStored + RequestHashes.HASH_LENGTH);
	}

	/**
	 * Return how many entries were looked at, of those that are meant.
	 */
	long entries() {
		return this.entries;
	}

	/**
	 * Return how many of them the request could be compared with.
	 */
	long compared() {
		return this.compared;
	}

	/**
	 * Return whether there was time for all entries.
	 */
	boolean isComplete() {
		return this.complete;
	}

	/**
	 * Return the nearest entries.
	 * @return their keys, the nearest first
	 */
	List<CacheKey> keys() {
		return this.best.stream().sorted(Candidate.WORST_FIRST.reversed()).map(Candidate::key).toList();
	}

	/**
	 * An entry that may be one of the nearest.
	 */
	private record Candidate(int score, Instant lastUsed, CacheKey key) {

		private static final Comparator<Candidate> WORST_FIRST = Comparator.comparingInt(Candidate::score)
			.thenComparing(Candidate::lastUsed);

	}

	/**
	 * Ends an inspection.
	 */
	private static final class OutOfTimeException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private OutOfTimeException() {
			super("There is no more time to look at entries", null, false, false);
		}

	}

}
