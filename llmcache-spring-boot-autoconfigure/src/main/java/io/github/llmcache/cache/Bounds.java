package io.github.llmcache.cache;

import io.github.llmcache.cache.CacheStore.StoredAmount;
import org.jspecify.annotations.Nullable;

/**
 * The most that is kept of a model, and what follows from that. A bound is exceeded a
 * little before room is made, and then more room than needed is made, so that not every
 * entry that is stored has another one deleted.
 *
 * @param maxBytes the most space, {@link Long#MAX_VALUE} for any
 * @param maxEntries the most entries, {@link Long#MAX_VALUE} for any
 */
record Bounds(long maxBytes, long maxEntries) {

	/** The part of a bound that is made free, and by which it may be exceeded. */
	private static final int PART = 20;

	static Bounds of(Retention retention) {
		return new Bounds(orAny(retention.maxBytes()), orAny(retention.maxEntries()));
	}

	private static long orAny(@Nullable Long most) {
		return (most != null) ? most : Long.MAX_VALUE;
	}

	boolean areExceededBy(StoredAmount size) {
		return size.bytes() > this.maxBytes || size.entries() > this.maxEntries;
	}

	/**
	 * Return how much is too much, once room is made.
	 * @param size how much there is
	 * @return what has to go, nothing if that is not negative
	 */
	StoredAmount excess(StoredAmount size) {
		return new StoredAmount(size.entries() - target(this.maxEntries), size.bytes() - target(this.maxBytes));
	}

	private static long target(long most) {
		return most - most / PART;
	}

	/**
	 * Return by how much bounds may be exceeded.
	 * @return how much
	 */
	StoredAmount overshoot() {
		return new StoredAmount(allowance(this.maxEntries, this.maxEntries), allowance(this.maxBytes, this.maxBytes));
	}

	/**
	 * Return how much may be written before room has to be made.
	 * @param size how much there is
	 * @return how much
	 */
	StoredAmount allowance(StoredAmount size) {
		return new StoredAmount(allowance(this.maxEntries, size.entries()), allowance(this.maxBytes, size.bytes()));
	}

	private static long allowance(long most, long size) {
		return (most != Long.MAX_VALUE) ? Math.max(most - size, 0) + most / PART : Long.MAX_VALUE;
	}

}
