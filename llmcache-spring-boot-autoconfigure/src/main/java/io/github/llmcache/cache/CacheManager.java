package io.github.llmcache.cache;

import java.time.Duration;
import java.util.List;

import io.github.llmcache.MissExplanation;
import io.github.llmcache.SampleRange;
import io.github.llmcache.cache.CacheStore.StoreSize;
import org.jspecify.annotations.Nullable;

/**
 * The cache: finds the entries of requests, decides whether they may be used, stores new
 * ones, and keeps count.
 * <p>
 * Thread-safe. A store that fails is a miss or an entry that is not stored, is logged
 * when it begins and when it ends, and is reported by {@link #health()}; the methods that
 * look up and save never throw because of it.
 */
public interface CacheManager {

	/**
	 * Find the entry of a request.
	 * @param <T> what the entry is read as
	 * @param lookup the request and what is asked of its entry
	 * @param reader reads the entry
	 * @return what was read, or {@code null} on a miss
	 */
	<T> @Nullable T lookup(CacheLookup lookup, EntryReader<T> reader);

	/**
	 * Find the entry of a request a second time, after its miss has been counted. Nothing
	 * is counted.
	 * @param <T> what the entry is read as
	 * @param lookup the request and what is asked of its entry
	 * @param reader reads the entry
	 * @return what was read, or {@code null} if there is still no entry
	 */
	<T> @Nullable T lookupAgain(CacheLookup lookup, EntryReader<T> reader);

	/**
	 * Find whatever samples a request has, after its miss has been counted. Nothing is
	 * counted or remembered.
	 * @param <T> what the entry is read as
	 * @param lookup the request and what is asked of its entry, however many samples it
	 * holds
	 * @param reader reads the entry
	 * @return what was read
	 */
	<T> Found<T> lookupSamples(CacheLookup lookup, EntryReader<T> reader);

	/**
	 * Find the entries of many requests in as few steps as the store can.
	 * @param <T> what the entries are read as
	 * @param lookups the requests and what is asked of their entries
	 * @param readers the reader of each entry, in the same order
	 * @return what was read, in the order of the requests, with {@code null} for a miss
	 */
	<T> List<@Nullable T> lookupAll(List<CacheLookup> lookups, List<? extends EntryReader<T>> readers);

	/**
	 * Store responses: they replace the entry of their request, or are added to it.
	 * Responses that are larger than an entry may be are left out.
	 * @param writes the requests and their responses; what replaces is stored first
	 */
	void saveAll(List<CacheWrite> writes);

	/**
	 * Try to become the only process that asks the provider for what a request asks. An
	 * entry that was stored meanwhile must be looked up afterwards.
	 * @param request the request
	 * @return the lease, to be closed once the response is saved; {@link CallLease#NONE}
	 * if the store is not shared or fails; {@code null} if another process holds it
	 */
	@Nullable CallLease tryLease(CacheRequest request);

	/**
	 * Count what a call of a provider has cost, whether its response is stored or not.
	 * @param namespace the namespace of the request
	 * @param model the model's id
	 * @param costNanos billionths of a US dollar, or {@code null} if the price is unknown
	 * @param inputTokens the tokens of the prompt
	 * @param outputTokens the tokens of the answer
	 */
	void recordSpent(String namespace, String model, @Nullable Long costNanos, long inputTokens, long outputTokens);

	/**
	 * Count a request that missed but was answered together with another one.
	 * @param namespace the namespace of the request
	 * @param model the model's id
	 * @param savedNanos billionths of a US dollar that the call of the other one had
	 * cost, or {@code null} if the price is unknown
	 * @param tokens the tokens of that call
	 */
	void recordCoalesced(String namespace, String model, @Nullable Long savedNanos, long tokens);

	/**
	 * Count what was replayed for a request that missed because some of its samples were
	 * not there.
	 * @param namespace the namespace of the request
	 * @param model the model's id
	 * @param savedNanos billionths of a US dollar that the replayed samples had cost, or
	 * {@code null} if the price is unknown
	 * @param tokens the tokens of those samples
	 */
	void recordReplayed(String namespace, String model, @Nullable Long savedNanos, long tokens);

	/**
	 * Delete all entries of a model.
	 * @param model the model's id
	 * @return how many entries there were
	 * @throws CacheStoreException if the store fails
	 */
	long deleteModel(String model);

	/**
	 * Delete entries.
	 * @param filter which entries
	 * @return how many there were
	 * @throws CacheStoreException if the store fails; entries may have been deleted
	 */
	long delete(EntryFilter filter);

	/**
	 * Explain what becomes of a lookup, by comparing it with the entries of its model.
	 * Counts nothing, and takes time in proportion to the number of entries, up to some
	 * seconds; then it has been compared with as many as there was time for. What is in
	 * memory but not in the store any more makes no difference.
	 * @param lookup the request and what is asked of its entry
	 * @return the explanation; a store that fails is one, too
	 */
	MissExplanation explain(CacheLookup lookup);

	/**
	 * Return what has been counted since the first entry was stored, by all processes
	 * that use the store, this one included up to now.
	 * @return one element a namespace, model and day, in no particular order; what this
	 * process has counted if caching is disabled
	 * @throws CacheStoreException if the store fails
	 */
	List<DailyStatistics> lifetimeStatistics();

	/**
	 * Return the same of one namespace.
	 * @param namespace the namespace
	 * @return one element a model and day, in no particular order
	 * @throws CacheStoreException if the store fails
	 */
	default List<DailyStatistics> lifetimeStatistics(String namespace) {
		return lifetimeStatistics().stream().filter((statistics) -> statistics.isOf(namespace)).toList();
	}

	/**
	 * Find out whether the store can be used, by using it.
	 * @return the status; a failure is part of it
	 */
	StoreStatus status();

	/**
	 * Return what has been counted since the application started.
	 * @return a consistent copy of each model's counters
	 */
	CacheStatistics statistics();

	/**
	 * Return what has been counted of one namespace since the application started.
	 * Deletions of the background are of no namespace.
	 * @param namespace the namespace
	 * @return a consistent copy of the counters of each model that the namespace has used
	 */
	CacheStatistics statistics(String namespace);

	/**
	 * Measure what is stored. May take time in proportion to what there is.
	 * @return one element a model; empty if caching is disabled
	 * @throws CacheStoreException if the store fails
	 */
	List<StoreSize> size();

	/**
	 * Return the name of the backend.
	 * @return the name, {@code none} if caching is disabled
	 */
	String backend();

	/**
	 * Return whether the store works, as far as its latest uses tell.
	 * @return the health
	 */
	CacheHealth health();

	/**
	 * What is looked up.
	 *
	 * @param request the request
	 * @param maxAge the age from which an entry is not accepted any more, or {@code null}
	 * for any age
	 * @param samples the samples that an entry must hold; with fewer it is a miss
	 */
	record CacheLookup(CacheRequest request, @Nullable Duration maxAge, SampleRange samples) {

		public CacheLookup(CacheRequest request, @Nullable Duration maxAge) {
			this(request, maxAge, SampleRange.FIRST);
		}

	}

	/**
	 * What was found of a request.
	 *
	 * @param <T> what the entry was read as
	 * @param value what the entry was read as, or {@code null} if none can be used
	 * @param stale whether there is an entry that cannot be used, which nothing may be
	 * added to
	 */
	record Found<T>(@Nullable T value, boolean stale) {
	}

	/**
	 * What is stored.
	 *
	 * @param request the request
	 * @param responses the responses in their order; at least one
	 * @param append whether they are added to the entry of the request instead of
	 * replacing it
	 * @param timeToLive how long they may be used, or {@code null} for as long as those
	 * of the model
	 */
	record CacheWrite(CacheRequest request, List<CachedResponse> responses, boolean append,
			@Nullable Duration timeToLive) {

		public CacheWrite {
			responses = List.copyOf(responses);
		}

		public CacheWrite(CacheRequest request, CachedResponse response) {
			this(request, List.of(response), false, null);
		}

	}

	/**
	 * Reads an entry as what its user wants.
	 *
	 * @param <T> what the entry is read as; immutable, for it may be remembered and given
	 * to others who ask the same
	 */
	interface EntryReader<T> {

		/**
		 * Return what the entry is read as.
		 * @return the type
		 */
		Class<T> type();

		/**
		 * Read an entry.
		 * @param entry the entry
		 * @return what it says
		 * @throws UnreadableEntryException if it cannot be read: the entry is stale
		 */
		T read(CacheEntry entry) throws UnreadableEntryException;

	}

}
