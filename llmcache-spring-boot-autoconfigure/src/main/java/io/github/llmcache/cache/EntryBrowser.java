package io.github.llmcache.cache;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.EntryDetails.Facts;
import org.jspecify.annotations.Nullable;

/**
 * Looks into a store, for people: lists entries, and reads single ones with what was
 * asked. Nothing is counted, and no entry counts as used. Takes time in proportion to
 * what is stored. Thread-safe.
 */
public final class EntryBrowser {

	private final CacheStore store;

	private final InstantSource clock;

	/**
	 * Create a browser.
	 * @param store the store
	 * @param clock the clock
	 */
	public EntryBrowser(CacheStore store, InstantSource clock) {
		this.store = store;
		this.clock = clock;
	}

	/**
	 * Find entries without reading their responses, in bounded memory.
	 * @param filter which entries
	 * @param order which of them come first
	 * @param limit how many to return at most; 0 just counts
	 * @return the entries
	 * @throws CacheStoreException if the store fails
	 */
	public FoundEntries find(EntryFilter filter, EntryOrder order, int limit) {
		Search search = new Search(comparator(order), limit);
		Predicate<EntryDetails> matches = new EntryMatch(filter, this.clock.instant());
		this.store.inspect(filter.model(), (details) -> {
			if (matches.test(details)) {
				search.add(EntrySummary.of(details));
			}
		});
		return search.result();
	}

	/**
	 * Find the keys that begin with some digits.
	 * @param prefix the first hexadecimal digits of the key, or all of them
	 * @param model the model, or {@code null} for any
	 * @param limit how many keys to return at most
	 * @return the keys, in no particular order
	 * @throws CacheStoreException if the store fails
	 */
	public List<CacheKey> keys(String prefix, @Nullable String model, int limit) {
		String wanted = prefix.toLowerCase(Locale.ROOT);
		List<CacheKey> keys = new ArrayList<>();
		this.store.inspect(model, (details) -> {
			if (keys.size() < limit && details.key().toString().startsWith(wanted)) {
				keys.add(details.key());
			}
		});
		return keys;
	}

	/**
	 * Read an entry with what was asked.
	 * @param key the key
	 * @return the entry, or {@code null} if there is none
	 * @throws UnreadableEntryException if it was written in another format or is damaged
	 * @throws CacheStoreException if the store fails
	 */
	public @Nullable CacheEntry read(CacheKey key) throws UnreadableEntryException {
		StoredEntry stored = this.store.getWithRequest(key);
		return (stored != null) ? stored.read() : null;
	}

	/**
	 * Go through entries, in no particular order and in bounded memory. An entry that
	 * changes meanwhile may be seen or not.
	 * @param filter which entries
	 * @param visitor is given each of them
	 * @throws CacheStoreException if the store fails
	 */
	public void forEach(EntryFilter filter, EntryVisitor visitor) {
		Predicate<EntryDetails> matches = new EntryMatch(filter, this.clock.instant());
		this.store.inspect(filter.model(), (details) -> {
			if (matches.test(details)) {
				StoredEntry stored = this.store.getWithRequest(details.key());
				if (stored != null) {
					visitor.visit(details.key(), stored);
				}
			}
		});
	}

	private static Comparator<EntrySummary> comparator(EntryOrder order) {
		Comparator<EntrySummary> comparator = switch (order) {
			case NEWEST -> byCreation().reversed();
			case OLDEST -> byCreation();
			case LARGEST -> Comparator.comparingLong(EntrySummary::bytes).reversed();
			case COSTLIEST -> Comparator.comparingLong(EntryBrowser::costNanos).reversed();
			case LEAST_RECENTLY_USED -> Comparator.comparing(EntrySummary::lastUsed);
		};
		return Comparator.<EntrySummary, Boolean>comparing((summary) -> summary.facts() == null)
			.thenComparing(comparator)
			.thenComparing((summary) -> summary.key().toString());
	}

	private static Comparator<EntrySummary> byCreation() {
		ToLongFunction<EntrySummary> created = (summary) -> {
			Facts facts = summary.facts();
			return (facts != null) ? facts.createdAt().toEpochMilli() : 0;
		};
		return Comparator.comparingLong(created);
	}

	private static long costNanos(EntrySummary summary) {
		Facts facts = summary.facts();
		Long costNanos = (facts != null) ? facts.costNanos() : null;
		return (costNanos != null) ? costNanos : 0;
	}

	/**
	 * Is given entries.
	 */
	@FunctionalInterface
	public interface EntryVisitor {

		/**
		 * Look at an entry.
		 * @param key its key
		 * @param entry the entry, which is read with its {@linkplain CacheEntry#request()
		 * request} if that is stored
		 */
		void visit(CacheKey key, StoredEntry entry);

	}

	/**
	 * Keeps the first entries of all that it is given.
	 */
	private static final class Search {

		private final Comparator<EntrySummary> order;

		private final int limit;

		/** The last of the first ones on top. */
		private final PriorityQueue<EntrySummary> first;

		private long matching;

		private long bytes;

		private long nanos;

		private Search(Comparator<EntrySummary> order, int limit) {
			this.order = order;
			this.limit = limit;
			this.first = new PriorityQueue<>(order.reversed());
		}

		private void add(EntrySummary summary) {
			this.matching++;
			this.bytes += summary.bytes();
			this.nanos += costNanos(summary);
			EntrySummary last = this.first.peek();
			if (this.first.size() < this.limit) {
				this.first.add(summary);
			}
			else if (last != null && this.order.compare(summary, last) < 0) {
				this.first.poll();
				this.first.add(summary);
			}
		}

		private FoundEntries result() {
			return new FoundEntries(this.first.stream().sorted(this.order).toList(), this.matching, this.bytes,
					this.nanos);
		}

	}

}
