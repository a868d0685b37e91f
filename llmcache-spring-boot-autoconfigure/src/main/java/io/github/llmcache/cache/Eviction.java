package io.github.llmcache.cache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

import io.github.llmcache.cache.CacheStore.StoredAmount;
import io.github.llmcache.cache.UseHistogram.LeastUsed;

/**
 * Makes room in a model: goes through its entries twice, once to find out from which time
 * on entries may stay, and once to delete the others. Takes little memory, whatever their
 * number, and holds nobody up for long: entries are deleted in small portions.
 * <p>
 * Another process may do the same at the same time, so the size is looked at again now
 * and then.
 */
final class Eviction {

	/** How many entries are deleted at once: in some milliseconds. */
	private static final int PORTION = 256;

	/** After which part of all entries the size is looked at again. */
	private static final int CHECKED_PART = 64;

	private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

	private final List<CacheKey> portion = new ArrayList<>(PORTION);

	private final CacheStore store;

	private final String model;

	private final Bounds bounds;

	private final BooleanSupplier stopping;

	private final LongConsumer evicted;

	private long checkEvery;

	private long sinceCheck;

	/**
	 * Create an eviction, for one run.
	 * @param store the store
	 * @param model the model's id
	 * @param bounds what to keep of it
	 * @param stopping whether to give up
	 * @param evicted is told how many entries have been deleted, of each portion
	 */
	Eviction(CacheStore store, String model, Bounds bounds, BooleanSupplier stopping, LongConsumer evicted) {
		this.store = store;
		this.model = model;
		this.bounds = bounds;
		this.stopping = stopping;
		this.evicted = evicted;
	}

	/**
	 * Make room.
	 * @throws CacheStoreException if the store fails
	 */
	void run() {
		try {
			UseHistogram histogram = new UseHistogram();
			this.store.inspect(this.model, (details) -> {
				checkStopping();
				histogram.add(lastUsed(details), details.bytes());
			});
			// Not before: what others delete meanwhile has not to go any more
			StoredAmount size = this.store.amount(this.model);
			StoredAmount excess = excess(size);
			LeastUsed leastUsed = histogram
				.leastUsed(new StoredAmount(excess.entries(), entryBytes(excess.bytes(), histogram, size)));
			this.checkEvery = Math.max(PORTION, size.entries() / CHECKED_PART);
			this.store.inspect(this.model, (details) -> {
				checkStopping();
				if (leastUsed.take(lastUsed(details), details.bytes())) {
					delete(details.key());
				}
			});
			deletePortion();
		}
		catch (Enough ex) {
			// Others have made room as well, or the cache is being closed
		}
	}

	/**
	 * Return what part of the space of entries corresponds to one of the whole, which
	 * takes more than they do.
	 */
	private static long entryBytes(long bytes, UseHistogram histogram, StoredAmount size) {
		// Not rounded up: a part that is a whole number can come out as a little more
		return (bytes > 0 && size.bytes() > 0) ? Math.round((double) bytes / size.bytes() * histogram.bytes()) : 0;
	}

	private static long lastUsed(EntryDetails details) {
		Instant lastUsed = details.lastUsed();
		// What is stored may say anything
		return lastUsed.isBefore(LATEST)
				? Math.max(lastUsed.getEpochSecond(), 0) * 1000 + lastUsed.getNano() / 1_000_000
				: LATEST.toEpochMilli();
	}

	private void checkStopping() {
		if (this.stopping.getAsBoolean()) {
			throw new Enough();
		}
	}

	private void delete(CacheKey key) {
		this.portion.add(key);
		if (this.portion.size() == PORTION) {
			deletePortion();
		}
	}

	private void deletePortion() {
		int wanted = this.portion.size();
		if (wanted == 0) {
			return;
		}
		long deleted = this.store.deleteAll(this.portion);
		this.portion.clear();
		this.evicted.accept(deleted);
		this.sinceCheck += wanted;
		boolean othersDelete = deleted < wanted / 2;
		if (othersDelete || this.sinceCheck >= this.checkEvery) {
			this.sinceCheck = 0;
			excess(this.store.amount(this.model));
		}
	}

	private StoredAmount excess(StoredAmount size) {
		StoredAmount excess = this.bounds.excess(size);
		if (excess.bytes() <= 0 && excess.entries() <= 0) {
			throw new Enough();
		}
		return excess;
	}

	/**
	 * Ends an inspection.
	 */
	private static final class Enough extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Enough() {
			super("Enough", null, false, false);
		}

	}

}
