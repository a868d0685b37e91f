package io.github.llmcache.cache;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Keeps entries. A store knows nothing of policy: whether an entry is wanted, too old or
 * readable is decided by the {@link CacheManager} above it.
 * <p>
 * Implementations are thread-safe, open their resources with the first use rather than
 * when they are created, and report every failure as a {@link CacheStoreException}. What
 * a write method has returned from survives the end of the process.
 */
public interface CacheStore extends AutoCloseable {

	/**
	 * Return the name of the backend.
	 * @return the name, such as {@code sqlite}
	 */
	String name();

	/**
	 * Find an entry.
	 * @param key the key
	 * @return the entry as it is stored, or {@code null} if there is none
	 * @throws CacheStoreException if the store fails
	 */
	@Nullable StoredEntry get(CacheKey key);

	/**
	 * Find many entries in as few steps as the store can.
	 * @param keys the keys; duplicates are harmless
	 * @return the entries that there are
	 * @throws CacheStoreException if the store fails
	 */
	Map<CacheKey, StoredEntry> getAll(Collection<CacheKey> keys);

	/**
	 * Store entries, each replacing the one of its key. Each entry is stored wholly or
	 * not at all. If the same key occurs twice, the last one counts.
	 * @param entries the entries
	 * @throws CacheStoreException if the store fails; entries may have been stored
	 */
	void putAll(List<CacheEntry> entries);

	/**
	 * Add the responses of entries after those that are stored for their keys, atomically
	 * for each key, whoever else writes to it. An entry that is not there, cannot be
	 * read, or had {@linkplain CacheEntry#expiresAt() expired} when the first added
	 * response was {@linkplain CacheEntry#createdAt() made}, is stored as by
	 * {@link #putAll(List)}. Otherwise the earlier of both times of expiry holds.
	 * @param entries the entries
	 * @throws CacheStoreException if the store fails; entries may have been stored
	 */
	void appendAll(List<CacheEntry> entries);

	/**
	 * Go through the entries, in no particular order and in bounded memory. An entry that
	 * changes meanwhile may be seen or not, and one that cannot be read is passed on as
	 * well. The store may be used meanwhile, by the action too.
	 * @param model the model whose entries are wanted, or {@code null} for all models
	 * @param action is given each entry, which is read with its
	 * {@linkplain CacheEntry#request() request} if that is stored. What it throws ends
	 * the scan and is thrown as it is
	 * @throws CacheStoreException if the store fails
	 */
	void scan(@Nullable String model, Consumer<? super StoredEntry> action);

	/**
	 * Find an entry, and what was asked.
	 * @param key the key
	 * @return the entry as it is stored, which is read with its
	 * {@linkplain CacheEntry#request() request} if that is stored, or {@code null} if
	 * there is none
	 * @throws CacheStoreException if the store fails
	 */
	@Nullable StoredEntry getWithRequest(CacheKey key);

	/**
	 * Go through what can be said of entries without reading their responses, as fast as
	 * the store can and in bounded memory. Otherwise as {@link #scan}.
	 * @param model the model whose entries are wanted, or {@code null} for all models
	 * @param action is given the details of each entry, which it may use only meanwhile.
	 * What it throws ends the inspection and is thrown as it is
	 * @throws CacheStoreException if the store fails
	 */
	void inspect(@Nullable String model, Consumer<? super EntryDetails> action);

	/**
	 * Record when entries were last used. Entries that are not there are left out, and a
	 * time that is not after the recorded one changes nothing.
	 * @param lastUsed the times, to the second or better, by the keys
	 * @throws CacheStoreException if the store fails; times may have been recorded
	 */
	void touch(Map<CacheKey, Instant> lastUsed);

	/**
	 * Add to what has been counted. Sums up over all processes and for ever: what has
	 * been saved stays counted when entries are deleted, unless that happens past this
	 * store. A model that is not stored yet may be left out if nothing was
	 * {@linkplain CacheStatistics.ModelStatistics#writes() stored} of it or
	 * {@linkplain CacheStatistics.ModelStatistics#spentNanos() spent} on it, and no call
	 * was {@linkplain CacheStatistics.ModelStatistics#unpricedCalls() unpriced}.
	 * @param counted what has been counted since the last time; of the same namespace,
	 * model and day more than once is added up
	 * @throws CacheStoreException if the store fails; then nothing of a model is added,
	 * or all of it
	 */
	void addStatistics(Collection<DailyStatistics> counted);

	/**
	 * Return what has been counted.
	 * @return the sums, one element a namespace, model and day, in no particular order
	 * @throws CacheStoreException if the store fails
	 */
	List<DailyStatistics> statistics();

	/**
	 * Give the space of deleted entries back, in steps that keep nobody waiting for long.
	 * @param model the model's id
	 * @throws CacheStoreException if the store fails
	 */
	void reclaim(String model);

	/**
	 * Look for damage in what holds the entries, beyond the entries themselves: an entry
	 * that cannot be read is found by {@linkplain #inspect reading} all of them. Reads
	 * everything there is, and changes nothing.
	 * @return what is wrong and where, a line each, without what entries say; empty if
	 * nothing is
	 * @throws CacheStoreException if the store fails
	 */
	default List<String> problems() {
		return List.of();
	}

	/**
	 * Name what is not seen when all models are gone through, because nobody can tell of
	 * which model it is. Opens all there is, and reads little of it.
	 * @return what it is, a line each, without what entries say; empty if nothing is left
	 * out
	 * @throws CacheStoreException if the store fails
	 */
	default List<String> leftOut() {
		return List.of();
	}

	/**
	 * Return where the store keeps a mark about all that it holds.
	 * @return the mark, or {@code null} if it has no place for one: then what it holds
	 * cannot be encrypted
	 */
	default @Nullable StoreMark mark() {
		return null;
	}

	/**
	 * Find out whether entries can be read and written, by reading and writing. Leaves
	 * nothing behind, and creates nothing if there is nothing yet.
	 * @return the status; a failure is part of it
	 */
	StoreStatus status();

	/**
	 * Delete entries by their keys.
	 * @param keys the keys
	 * @return how many entries there were
	 * @throws CacheStoreException if the store fails
	 */
	long deleteAll(Collection<CacheKey> keys);

	/**
	 * Delete all entries of a model.
	 * @param model the model's id
	 * @return how many entries there were
	 * @throws CacheStoreException if the store fails
	 */
	long deleteModel(String model);

	/**
	 * Delete all entries of a namespace.
	 * @param namespace the namespace
	 * @return how many entries there were
	 * @throws CacheStoreException if the store fails
	 */
	long deleteNamespace(String namespace);

	/**
	 * Measure what is stored. May take time in proportion to what there is.
	 * @return one element a model that has been used
	 * @throws CacheStoreException if the store fails
	 */
	List<StoreSize> size();

	/**
	 * Measure how much is stored of one model, as {@link #size()} does. Asked again and
	 * again while the store is kept in order: reads no entry, and nothing of other
	 * models, if the store can do without.
	 * @param model the model's id
	 * @return how much, nothing if the model has not been used
	 * @throws CacheStoreException if the store fails
	 */
	default StoredAmount amount(String model) {
		return size().stream()
			.filter((size) -> size.model().equals(model))
			.findFirst()
			.map((size) -> new StoredAmount(size.entries(), size.bytes()))
			.orElse(StoredAmount.NOTHING);
	}

	/**
	 * Release all resources. Writes that are under way are finished first. May be called
	 * more than once.
	 */
	@Override
	void close();

	/**
	 * An entry as a store holds it, not read yet.
	 */
	@FunctionalInterface
	interface StoredEntry {

		/**
		 * Read the entry.
		 * @return the entry, without its {@link CacheEntry#request() request} unless it
		 * was found {@linkplain CacheStore#getWithRequest with it} or by a
		 * {@linkplain CacheStore#scan scan}
		 * @throws UnreadableEntryException if it was written in another format or is
		 * damaged
		 */
		CacheEntry read() throws UnreadableEntryException;

	}

	/**
	 * What a store holds of one model.
	 *
	 * @param model the model's id
	 * @param entries the number of entries
	 * @param bytes about the space that they take, in bytes; less as soon as entries are
	 * deleted, even if their space has not been {@linkplain CacheStore#reclaim given
	 * back} yet
	 * @param costNanos what the stored responses had cost, in billionths of a US dollar,
	 * as far as it is known
	 */
	record StoreSize(String model, long entries, long bytes, long costNanos) {
	}

	/**
	 * How much a store holds of one model, or a part of that.
	 *
	 * @param entries the number of entries
	 * @param bytes about the space that they take, as {@link StoreSize#bytes()}
	 */
	record StoredAmount(long entries, long bytes) {

		/** No entry. */
		public static final StoredAmount NOTHING = new StoredAmount(0, 0);

	}

}
