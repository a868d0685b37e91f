package io.github.llmcache.cache;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.Predicate;

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
		return find(filter, "", order, limit);
	}

	/**
	 * Find entries whose keys begin with some digits, otherwise as
	 * {@link #find(EntryFilter, EntryOrder, int)}.
	 * @param filter which entries
	 * @param prefix the first hexadecimal digits of the key, or none
	 * @param order which of them come first
	 * @param limit how many to return at most; 0 just counts
	 * @return the entries
	 * @throws CacheStoreException if the store fails
	 */
	public FoundEntries find(EntryFilter filter, String prefix, EntryOrder order, int limit) {
		String wanted = prefix.toLowerCase(Locale.ROOT);
		Search search = new Search(order, limit);
		Predicate<EntryDetails> matches = new EntryMatch(filter, this.clock.instant());
		this.store.inspect(filter.model(), (details) -> {
			if (details.key().startsWith(wanted) && matches.test(details)) {
				search.add(details);
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
			if (keys.size() < limit && details.key().startsWith(wanted)) {
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
				else {
					visitor.missing(details.key());
				}
			}
		});
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

		/**
		 * Learn that an entry was listed, but is not found: it has been deleted
		 * meanwhile, or the store is damaged. Does nothing by default.
		 * @param key its key
		 */
		default void missing(CacheKey key) {
		}

	}

	/**
	 * Keeps the first entries of all that it is given. Of the others it reads no more
	 * than it needs to know that.
	 */
	private static final class Search {

		private final EntryOrder order;

		private final int limit;

		/** The last of the first ones on top. */
		private final PriorityQueue<Ranked> first = new PriorityQueue<>(Comparator.reverseOrder());

		private long matching;

		private long bytes;

		private long nanos;

		private Search(EntryOrder order, int limit) {
			this.order = order;
			this.limit = limit;
		}

		private void add(EntryDetails details) {
			Facts facts = details.facts();
			this.matching++;
			this.bytes += details.bytes();
			this.nanos += costNanos(facts);
			if (this.limit <= 0) {
				return;
			}
			boolean full = this.first.size() == this.limit;
			long rank = rank(details, facts);
			Ranked last = this.first.peek();
			if (full && last != null && last.isBefore(facts == null, rank)) {
				return;
			}
			Ranked candidate = new Ranked(facts == null, rank, EntrySummary.of(details));
			if (!full) {
				this.first.add(candidate);
			}
			else if (last != null && candidate.compareTo(last) < 0) {
				this.first.poll();
				this.first.add(candidate);
			}
		}

		private long rank(EntryDetails details, @Nullable Facts facts) {
			return switch (this.order) {
				case NEWEST -> (facts != null) ? ~millis(facts.createdAt()) : 0;
				case OLDEST -> (facts != null) ? millis(facts.createdAt()) : 0;
				case LARGEST -> ~details.bytes();
				case COSTLIEST -> ~costNanos(facts);
				case LEAST_RECENTLY_USED -> millis(details.lastUsed());
			};
		}

		/**
		 * People may edit files, and a year may be any number.
		 */
		private static long millis(Instant time) {
			try {
				return time.toEpochMilli();
			}
			catch (ArithmeticException ex) {
				return (time.getEpochSecond() < 0) ? Long.MIN_VALUE : Long.MAX_VALUE;
			}
		}

		private static long costNanos(@Nullable Facts facts) {
			Long costNanos = (facts != null) ? facts.costNanos() : null;
			return (costNanos != null) ? costNanos : 0;
		}

		private FoundEntries result() {
			return new FoundEntries(this.first.stream().sorted().map(Ranked::summary).toList(), this.matching,
					this.bytes, this.nanos);
		}

	}

	/**
	 * An entry and its place among others.
	 *
	 * @param unreadable whether it cannot be read, and comes after all that can be
	 * @param rank a number that is smaller for what comes first
	 * @param summary the entry, of which the key decides if ranks are the same
	 */
	private record Ranked(boolean unreadable, long rank, EntrySummary summary) implements Comparable<Ranked> {

		boolean isBefore(boolean otherUnreadable, long otherRank) {
			return compare(otherUnreadable, otherRank) < 0;
		}

		private int compare(boolean otherUnreadable, long otherRank) {
			return (this.unreadable != otherUnreadable) ? Boolean.compare(this.unreadable, otherUnreadable)
					: Long.compare(this.rank, otherRank);
		}

		@Override
		public int compareTo(Ranked other) {
			int compared = compare(other.unreadable, other.rank);
			return (compared != 0) ? compared : this.summary.key().compareHash(other.summary.key());
		}

	}

}
