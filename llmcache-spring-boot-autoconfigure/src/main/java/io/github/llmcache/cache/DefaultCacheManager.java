package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.StatisticsRecorder.Counters;
import io.github.llmcache.cache.StoreGuard.Use;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The {@link CacheManager} over a {@link CacheStore}, or over none if caching is
 * disabled.
 */
public final class DefaultCacheManager implements CacheManager, AutoCloseable {

	private static final Log logger = LogFactory.getLog(CacheManager.class);

	private final @Nullable CacheStore store;

	private final long maxEntrySize;

	private final InstantSource clock;

	private final StatisticsRecorder statistics;

	private final StoreGuard guard;

	/**
	 * Create a manager.
	 * @param store the store, or {@code null} to cache nothing
	 * @param maxEntrySize the largest response body to store, in bytes
	 * @param clock the time
	 */
	public DefaultCacheManager(@Nullable CacheStore store, long maxEntrySize, InstantSource clock) {
		this.store = store;
		this.maxEntrySize = maxEntrySize;
		this.clock = clock;
		this.statistics = new StatisticsRecorder(clock);
		this.guard = new StoreGuard(backend(), clock);
	}

	@Override
	public <T> @Nullable T lookup(CacheLookup lookup, EntryReader<T> reader) {
		Found<T> found = find(lookup, reader);
		count(lookup, found);
		return found.value();
	}

	@Override
	public <T> @Nullable T lookupAgain(CacheLookup lookup, EntryReader<T> reader) {
		return find(lookup, reader).value();
	}

	@Override
	public <T> List<@Nullable T> lookupAll(List<CacheLookup> lookups, List<? extends EntryReader<T>> readers) {
		Map<String, Optional<Map<CacheKey, StoredEntry>>> stored = new HashMap<>();
		keysByModel(lookups).forEach((model, keys) -> stored.put(model, getAll(model, keys)));
		List<@Nullable T> values = new ArrayList<>(lookups.size());
		for (int i = 0; i < lookups.size(); i++) {
			CacheLookup lookup = lookups.get(i);
			CacheKey key = lookup.request().key();
			Optional<Map<CacheKey, StoredEntry>> entries = stored.getOrDefault(key.model(), Optional.empty());
			Found<T> found = entries.isPresent() ? read(entries.get().get(key), lookup, readers.get(i))
					: Found.failure();
			count(lookup, found);
			values.add(found.value());
		}
		return values;
	}

	private static Map<String, Set<CacheKey>> keysByModel(List<CacheLookup> lookups) {
		Map<String, Set<CacheKey>> keys = new LinkedHashMap<>();
		for (CacheLookup lookup : lookups) {
			CacheKey key = lookup.request().key();
			keys.computeIfAbsent(key.model(), (model) -> new LinkedHashSet<>()).add(key);
		}
		return keys;
	}

	private Optional<Map<CacheKey, StoredEntry>> getAll(String model, Set<CacheKey> keys) {
		CacheStore store = this.store;
		if (store == null) {
			return Optional.of(Map.of());
		}
		return this.guard.run(Use.read(model), () -> Optional.of(store.getAll(keys)), Optional::empty);
	}

	private <T> Found<T> find(CacheLookup lookup, EntryReader<T> reader) {
		CacheStore store = this.store;
		if (store == null) {
			return Found.nothing();
		}
		CacheKey key = lookup.request().key();
		Fetched fetched = this.guard.run(Use.read(key.model()), () -> new Fetched(store.get(key)),
				() -> Fetched.FAILED);
		return (fetched != Fetched.FAILED) ? read(fetched.entry(), lookup, reader) : Found.failure();
	}

	private <T> Found<T> read(@Nullable StoredEntry stored, CacheLookup lookup, EntryReader<T> reader) {
		if (stored == null) {
			return Found.nothing();
		}
		try {
			CacheEntry entry = stored.read();
			return isFresh(entry, lookup.maxAge()) ? Found.hit(entry, reader.read(entry)) : Found.unusable();
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			logger.debug("Entry " + lookup.request().key() + " cannot be read: " + ex.getClass().getName());
			return Found.unusable();
		}
	}

	private boolean isFresh(CacheEntry entry, @Nullable Duration maxAge) {
		Instant expiresAt = entry.expiresAt();
		if (expiresAt == null && maxAge == null) {
			return true;
		}
		Instant now = this.clock.instant();
		return (expiresAt == null || now.isBefore(expiresAt))
				&& (maxAge == null || Duration.between(entry.createdAt(), now).compareTo(maxAge) <= 0);
	}

	private void count(CacheLookup lookup, Found<?> found) {
		Counters counters = this.statistics.of(lookup.request().model());
		CacheEntry entry = found.entry();
		if (entry != null) {
			counters.hits.increment();
			for (CachedResponse response : entry.responses()) {
				counters.savedTokens.add(response.inputTokens() + response.outputTokens());
				Long costNanos = response.costNanos();
				if (costNanos != null) {
					counters.savedNanos.add(costNanos);
				}
			}
			return;
		}
		counters.misses.increment();
		if (found.stale()) {
			counters.stale.increment();
		}
		if (found.failed()) {
			counters.errors.increment();
		}
	}

	@Override
	public void saveAll(List<CacheWrite> writes) {
		CacheStore store = this.store;
		if (store == null) {
			return;
		}
		writes.stream()
			.filter((write) -> write.response().body().length <= this.maxEntrySize)
			.collect(Collectors.groupingBy((write) -> write.request().model()))
			.forEach((model, ofModel) -> save(store, model, ofModel));
	}

	private void save(CacheStore store, String model, List<CacheWrite> writes) {
		boolean saved = this.guard.run(Use.write(model), () -> {
			store.putAll(writes.stream().map(DefaultCacheManager::toEntry).toList());
			return true;
		}, () -> false);
		Counters counters = this.statistics.of(model);
		(saved ? counters.writes : counters.errors).add(writes.size());
	}

	private static CacheEntry toEntry(CacheWrite write) {
		CacheRequest request = write.request();
		RequestRecord record = new RequestRecord(CacheKeyEncoder.hashParameters(request),
				CacheKeyEncoder.hashMessages(request), RequestJson.write(request));
		return new CacheEntry(request.key(), request.namespace(), List.of(write.response()), null, record);
	}

	@Override
	public void recordSpent(String model, @Nullable Long costNanos) {
		Counters counters = this.statistics.of(model);
		if (costNanos != null) {
			counters.spentNanos.add(costNanos);
		}
		else {
			counters.unpricedCalls.increment();
		}
	}

	@Override
	public void recordCoalesced(String model, @Nullable Long savedNanos, long tokens) {
		Counters counters = this.statistics.of(model);
		counters.coalesced.increment();
		counters.savedTokens.add(tokens);
		if (savedNanos != null) {
			counters.savedNanos.add(savedNanos);
		}
	}

	@Override
	public long deleteModel(String model) {
		return (this.store != null) ? this.store.deleteModel(model) : 0;
	}

	@Override
	public CacheStatistics statistics() {
		return this.statistics.snapshot();
	}

	@Override
	public List<StoreSize> size() {
		return (this.store != null) ? this.store.size() : List.of();
	}

	@Override
	public String backend() {
		return (this.store != null) ? this.store.name() : "none";
	}

	@Override
	public CacheHealth health() {
		return this.guard.health();
	}

	/**
	 * Close the store once all that was saved is safe.
	 */
	@Override
	public void close() {
		if (this.store != null) {
			this.store.close();
		}
	}

	/**
	 * What the store returned, if it did.
	 */
	private record Fetched(@Nullable StoredEntry entry) {

		static final Fetched FAILED = new Fetched(null);

	}

	/**
	 * What a lookup found.
	 */
	private record Found<T>(@Nullable CacheEntry entry, @Nullable T value, boolean stale, boolean failed) {

		static <T> Found<T> hit(CacheEntry entry, T value) {
			return new Found<>(entry, value, false, false);
		}

		static <T> Found<T> nothing() {
			return new Found<>(null, null, false, false);
		}

		static <T> Found<T> unusable() {
			return new Found<>(null, null, true, false);
		}

		static <T> Found<T> failure() {
			return new Found<>(null, null, false, true);
		}

	}

}
