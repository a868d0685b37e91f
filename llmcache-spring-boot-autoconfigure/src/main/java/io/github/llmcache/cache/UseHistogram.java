package io.github.llmcache.cache;

import java.util.Map;
import java.util.TreeMap;

import io.github.llmcache.cache.Growth.Amount;

/**
 * How many entries were last used when, in bounded memory: the more times there are, the
 * coarser they are. Used by one thread.
 */
final class UseHistogram {

	/** Times are told apart to a small part of what is evicted at once. */
	private static final int MAX_BUCKETS = 8192;

	private TreeMap<Long, Amount> buckets = new TreeMap<>();

	/** Times are divided by two to the power of this. */
	private int shift;

	private long bytes;

	void add(long lastUsed, long bytes) {
		this.bytes += bytes;
		this.buckets.merge(lastUsed >> this.shift, new Amount(bytes, 1), UseHistogram::plus);
		while (this.buckets.size() > MAX_BUCKETS) {
			coarsen();
		}
	}

	private void coarsen() {
		TreeMap<Long, Amount> coarser = new TreeMap<>();
		this.buckets.forEach((bucket, amount) -> coarser.merge(bucket >> 1, amount, UseHistogram::plus));
		this.buckets = coarser;
		this.shift++;
	}

	private static Amount plus(Amount one, Amount other) {
		return new Amount(one.bytes() + other.bytes(), one.entries() + other.entries());
	}

	/**
	 * Return the space that all entries take.
	 * @return the sum, in bytes
	 */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Return which entries to do without.
	 * @param wanted at least how much of them
	 * @return the least recently used
	 */
	LeastUsed leastUsed(Amount wanted) {
		long bytes = wanted.bytes();
		long entries = wanted.entries();
		for (Map.Entry<Long, Amount> bucket : this.buckets.entrySet()) {
			Amount amount = bucket.getValue();
			if (amount.bytes() >= bytes && amount.entries() >= entries) {
				return new LeastUsed(this.shift, bucket.getKey(), new Amount(bytes, entries));
			}
			bytes -= amount.bytes();
			entries -= amount.entries();
		}
		return new LeastUsed(this.shift, Long.MAX_VALUE, new Amount(0, 0));
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

		private LeastUsed(int shift, long lastBucket, Amount ofLastBucket) {
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
