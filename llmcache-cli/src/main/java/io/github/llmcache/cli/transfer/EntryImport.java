package io.github.llmcache.cli.transfer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CacheStoreUnavailableException;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryLimit;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Puts entries into a store, in portions. Doing it again changes nothing. Used by one
 * thread. Every method throws a {@link CacheStoreException} if the store does not work.
 */
public final class EntryImport implements EntrySink {

	private static final int MAX_ENTRIES = 500;

	private static final long MAX_BYTES = 8 * 1024 * 1024;

	private final CacheStore store;

	private final ImportOptions options;

	private final EntryLimit limit;

	private final Instant now;

	private final SkipTally skipped = new SkipTally();

	private final Map<CacheKey, CacheEntry> portion = new LinkedHashMap<>();

	private long portionBytes;

	private long added;

	private long replaced;

	private long extended;

	private long unchanged;

	private long kept;

	private long leftOut;

	/**
	 * Create an import.
	 * @param store takes the entries
	 * @param clock the clock
	 * @param options what is imported, and how
	 * @param settings how large is what is imported
	 */
	public EntryImport(CacheStore store, InstantSource clock, ImportOptions options, TransferSettings settings) {
		this.store = store;
		this.options = options;
		this.limit = new EntryLimit(settings.maxEntrySize());
		this.now = clock.instant();
	}

	@Override
	public void entry(CacheEntry entry) {
		if (!isWanted(entry)) {
			this.leftOut++;
			return;
		}
		if (!this.limit.allows(entry.responses())) {
			skipped(entry, "larger than an entry may be");
			return;
		}
		if (!this.options.includeExpired() && hasExpired(entry)) {
			skipped(entry, "has expired");
			return;
		}
		long bytes = bytes(entry);
		settle(entry.key());
		if (this.portion.size() >= MAX_ENTRIES || this.portionBytes + bytes > MAX_BYTES) {
			flush();
		}
		this.portion.put(entry.key(), entry);
		this.portionBytes += bytes;
	}

	private boolean isWanted(CacheEntry entry) {
		Duration age = Duration.between(entry.createdAt(), this.now);
		return (this.options.model() == null || this.options.model().equals(entry.key().model()))
				&& (this.options.namespace() == null || this.options.namespace().equals(entry.namespace()))
				&& (this.options.olderThan() == null || age.compareTo(this.options.olderThan()) >= 0)
				&& (this.options.newerThan() == null || age.compareTo(this.options.newerThan()) <= 0);
	}

	private boolean hasExpired(CacheEntry entry) {
		Instant expiresAt = entry.expiresAt();
		return expiresAt != null && !expiresAt.isAfter(this.now);
	}

	private static long bytes(CacheEntry entry) {
		RequestRecord request = entry.request();
		long bytes = (request != null) ? request.json().length : 0;
		for (CachedResponse response : entry.responses()) {
			bytes += response.body().length;
		}
		return bytes;
	}

	@Override
	public void skipped(String where, String reason) {
		this.skipped.add(where, reason);
	}

	private void skipped(CacheEntry entry, String reason) {
		this.skipped.add(EntryNames.of(entry.key()), reason);
	}

	/**
	 * Store what has been taken of a key and is not stored yet.
	 * @param key the key
	 */
	public void settle(CacheKey key) {
		if (this.portion.containsKey(key)) {
			flush();
		}
	}

	/**
	 * Store what has been taken and is not stored yet. To be called at the end, also if
	 * that is an early one.
	 */
	public void flush() {
		Map<CacheKey, CacheEntry> entries = new LinkedHashMap<>(this.portion);
		this.portion.clear();
		this.portionBytes = 0;
		if (entries.isEmpty()) {
			return;
		}
		Map<CacheKey, StoredEntry> there = this.store.getAll(entries.keySet());
		List<CacheEntry> additions = new ArrayList<>();
		List<CacheEntry> replacements = new ArrayList<>();
		List<CacheEntry> extensions = new ArrayList<>();
		entries.forEach((key, entry) -> {
			StoredEntry stored = there.containsKey(key) ? this.store.getWithRequest(key) : null;
			if (stored == null) {
				additions.add(entry);
				return;
			}
			CacheEntry existing = read(stored);
			if (existing != null && existing.equals(entry)) {
				this.unchanged++;
			}
			else if (existing == null || hasExpired(existing)) {
				// Nobody could be answered with it
				replacements.add(entry);
			}
			else {
				resolve(existing, entry, replacements, extensions);
			}
		});
		this.added += put(additions);
		this.replaced += put(replacements);
		// One by one: of several, nobody would know which ones to try again
		this.extended += storeEach(extensions, this.store::appendAll);
	}

	private static @Nullable CacheEntry read(StoredEntry stored) {
		try {
			return stored.read();
		}
		catch (UnreadableEntryException ex) {
			return null;
		}
	}

	private void resolve(CacheEntry existing, CacheEntry entry, List<CacheEntry> replacements,
			List<CacheEntry> extensions) {
		switch (this.options.conflict()) {
			case KEEP -> this.kept++;
			case REPLACE -> replacements.add(entry);
			case APPEND -> {
				List<CachedResponse> missing = new ArrayList<>(entry.responses());
				missing.removeAll(existing.responses());
				if (missing.isEmpty()) {
					this.unchanged++;
				}
				else {
					extensions.add(new CacheEntry(entry.key(), entry.namespace(), missing, entry.expiresAt(),
							entry.request()));
				}
			}
		}
	}

	/**
	 * Store entries, all at once if that works.
	 * @return how many of them are stored
	 */
	private long put(List<CacheEntry> entries) {
		if (this.options.dryRun() || entries.isEmpty()) {
			return entries.size();
		}
		try {
			this.store.putAll(entries);
			return entries.size();
		}
		catch (CacheStoreUnavailableException ex) {
			throw ex;
		}
		catch (CacheStoreException ex) {
			return storeEach(entries, this.store::putAll);
		}
	}

	private long storeEach(List<CacheEntry> entries, Consumer<List<CacheEntry>> write) {
		if (this.options.dryRun()) {
			return entries.size();
		}
		List<CacheEntry> refused = new ArrayList<>();
		for (CacheEntry entry : entries) {
			try {
				write.accept(List.of(entry));
			}
			catch (CacheStoreUnavailableException ex) {
				throw ex;
			}
			catch (CacheStoreException ex) {
				if (this.store.status().writeFailure() != null) {
					throw ex;
				}
				refused.add(entry);
			}
		}
		refused.forEach((entry) -> skipped(entry, "the store refuses it"));
		return entries.size() - refused.size();
	}

	/**
	 * Return what has become of the entries.
	 * @return how many there were of each kind
	 */
	public ImportSummary summary() {
		return new ImportSummary(this.added, this.replaced, this.extended, this.unchanged, this.kept, this.leftOut,
				this.skipped.result());
	}

}
