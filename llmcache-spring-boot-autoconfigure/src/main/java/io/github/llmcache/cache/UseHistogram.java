package io.github.llmcache.cache;

import io.github.llmcache.cache.CacheStore.StoredAmount;

import java.util.Map;
import java.util.TreeMap;

/**
 * How many entries were last used when, in bounded memory: the more times there are, the
 * coarser they are. Used by one thread.
 */
final class UseHistogram {

	/** Times are told apart to a small part of what is evicted at once. */
	private static final int MAX_BUCKETS = 8192;

	private TreeMap<Long, StoredAmount> buckets = new TreeMap<>();

	/** Times are divided by two to the power of this. */
	private int shift;

	private long bytes;

	void add(long lastUsed, long bytes) {
		this.bytes += bytes;
		this.buckets.merge(lastUsed >> this.shift, new StoredAmount(1, bytes), UseHistogram::plus);
		while (this.buckets.size() > MAX_BUCKETS) {
			coarsen();
		}
	}

	private void coarsen() {
		TreeMap<Long, StoredAmount> coarser = new TreeMap<>();
		this.buckets.forEach((bucket, amount) -> coarser.merge(bucket >> 1, amount, UseHistogram::plus));
		this.buckets = coarser;
		this.shift++;
	}

	private static StoredAmount plus(StoredAmount one, StoredAmount other) {
		return new StoredAmount(one.entries() + other.entries(), one.bytes() + other.bytes());
	}

	/**
	 * Return the space that all entries take.
	 * @return the sum, in bytes
	 */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Return which entries to do without: none that is used later than all of these, as
	 * those are that have been stored since.
	 * @param wanted at least how much of them
	 * @return the least recently used
	 */
	LeastUsed leastUsed(StoredAmount wanted) {
		long bytes = wanted.bytes();
		long entries = wanted.entries();
		long last = Long.MIN_VALUE;
		for (Map.Entry<Long, StoredAmount> bucket : this.buckets.entrySet()) {
			StoredAmount amount = bucket.getValue();
			last = bucket.getKey();
			if (amount.bytes() >= bytes && amount.entries() >= entries || last == this.buckets.lastKey()) {
				break;
			}
			bytes -= amount.bytes();
			entries -= amount.entries();
		}
		return new LeastUsed(this.shift, last, new StoredAmount(entries, bytes));
	}

	/**
	 * The least recently used entries: those of earlier times, and some of the last of
	 * these times. Used by one thread.
	 */
	static final class LeastUsed {

		private final int shift;

		private final long lastBucket;

		private long bytes;

		private long entries;

		private LeastUsed(int shift, long lastBucket, StoredAmount ofLastBucket) {
			this.shift = shift;
			this.lastBucket = lastBucket;
			this.bytes = ofLastBucket.bytes();
			this.entries = ofLastBucket.entries();
		}

		/**
		 * Return whether an entry is one of them. Must be asked once for each.
		 * @param lastUsed when it was last used
		 * @param bytes the space that it takes, in bytes
		 * @return whether it is
		 */
		boolean take(long lastUsed, long bytes) {
			long bucket = lastUsed >> this.shift;
			if (bucket != this.lastBucket || (this.bytes <= 0 && this.entries <= 0)) {
				return bucket < this.lastBucket;
			}
			this.bytes -= bytes;
			this.entries--;
			return true;
		}

	}

}
