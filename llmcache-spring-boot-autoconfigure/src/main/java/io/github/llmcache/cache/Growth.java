package io.github.llmcache.cache;

import io.github.llmcache.cache.CacheStore.StoredAmount;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What is written of a bounded model, and how much of it may be written before room has
 * to be made. Counted is what is given to the store, which usually takes less space.
 * Thread-safe.
 */
final class Growth {

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicLong entries = new AtomicLong();

	/** Nothing, as long as it is not known how much there is. */
	private volatile StoredAmount limit = StoredAmount.NOTHING;

	/**
	 * Note what has been written.
	 * @param written how much
	 * @return whether room may have to be made
	 */
	boolean add(StoredAmount written) {
		StoredAmount limit = this.limit;
		// Both are counted, whatever the first one says
		return this.bytes.addAndGet(written.bytes()) > limit.bytes()
				| this.entries.addAndGet(written.entries()) > limit.entries();
	}

	/**
	 * Return whether room may have to be made.
	 * @return whether more has been written than is allowed
	 */
	boolean isTooMuch() {
		StoredAmount limit = this.limit;
		return this.bytes.get() > limit.bytes() || this.entries.get() > limit.entries();
	}

	/**
	 * Return how much has been written so far, before it is measured how much there is.
	 * @return what to {@linkplain #allow allow} more from
	 */
	StoredAmount written() {
		return new StoredAmount(this.entries.get(), this.bytes.get());
	}

	/**
	 * Set how much may be written.
	 * @param written how much had been written before
	 * @param more how much may be written besides
	 */
	void allow(StoredAmount written, StoredAmount more) {
		this.limit = new StoredAmount(plus(written.entries(), more.entries()), plus(written.bytes(), more.bytes()));
	}

	private static long plus(long written, long more) {
		return (more < Long.MAX_VALUE - written) ? written + more : Long.MAX_VALUE;
	}

}
