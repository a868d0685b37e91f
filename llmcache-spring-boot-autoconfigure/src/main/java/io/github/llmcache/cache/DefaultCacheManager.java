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
import io.github.llmcache.cache.MemoryLevel.Remembered;
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

	private final @Nullable Lazy<MemoryLevel> memory;

	private final long maxEntrySize;

	private final InstantSource clock;

	private final StatisticsRecorder statistics;

	private final StoreGuard guard;

	/**
	 * Create a manager.
	 * @param store the store, or {@code null} to cache nothing
	 * @param memory how much of it is kept in memory as well
	 * @param maxEntrySize the largest response body to store, in bytes
	 * @param clock the time
	 */
	public DefaultCacheManager(@Nullable CacheStore store, MemorySettings memory, long maxEntrySize,
			InstantSource clock) {
		this.store = store;
		this.memory = (store != null && memory.maximumSize() > 0)
				? new Lazy<>(() -> new MemoryLevel(memory.maximumSize(), memory.timeToLive())) : null;
		this.maxEntrySize = maxEntrySize;
		this.clock = clock;
		this.statistics = new StatisticsRecorder(clock);
		this.guard = new StoreGuard(backend(), clock);
	}

	@Override
	public <T> @Nullable T lookup(CacheLookup lookup, EntryReader<T> reader) {
		T remembered = lookupMemory(lookup, reader.type());
		if (remembered != null) {
			return remembered;
		}
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
		List<@Nullable T> values = new ArrayList<>(lookups.size());
		List<CacheLookup> others = new ArrayList<>(lookups.size());
		for (int i = 0; i < lookups.size(); i++) {
			T remembered = lookupMemory(lookups.get(i), readers.get(i).type());
			values.add(remembered);
			if (remembered == null) {
				others.add(lookups.get(i));
			}
		}
		long[] stamps = lookups.stream().mapToLong(this::stamp).toArray();
		Map<String, Optional<Map<CacheKey, StoredEntry>>> stored = new HashMap<>();
		keysByModel(others).forEach((model, keys) -> stored.put(model, getAll(model, keys)));
		for (int i = 0; i < lookups.size(); i++) {
			if (values.get(i) != null) {
				continue;
			}
			CacheLookup lookup = lookups.get(i);
			CacheKey key = lookup.request().key();
			Optional<Map<CacheKey, StoredEntry>> entries = stored.getOrDefault(key.model(), Optional.empty());
			Found<T> found = entries.isPresent() ? read(entries.get().get(key), lookup, stamps[i], readers.get(i))
					: Found.failure();
			count(lookup, found);
			values.set(i, found.value());
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
		long stamp = stamp(lookup);
		Fetched fetched = this.guard.run(Use.read(key.model()), () -> new Fetched(store.get(key)),
				() -> Fetched.FAILED);
		return (fetched != Fetched.FAILED) ? read(fetched.entry(), lookup, stamp, reader) : Found.failure();
	}

	private long stamp(CacheLookup lookup) {
		return (this.memory != null) ? this.memory.get().stamp(lookup.request()) : 0;
	}

	private <T> Found<T> read(@Nullable StoredEntry stored, CacheLookup lookup, long stamp, EntryReader<T> reader) {
		if (stored == null) {
			return Found.nothing();
		}
		try {
			CacheEntry entry = stored.read();
			if (!isFresh(entry.createdAt(), entry.expiresAt(), lookup.maxAge())) {
				return Found.unusable();
			}
			T value = reader.read(entry);
			if (this.memory != null) {
				this.memory.get().put(lookup.request(), stamp, entry, value);
			}
			return Found.hit(entry, value);
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			logger.debug("Entry " + lookup.request().key() + " cannot be read: " + ex.getClass().getName());
			return Found.unusable();
		}
	}

	private boolean isFresh(Instant createdAt, @Nullable Instant expiresAt, @Nullable Duration maxAge) {
		if (expiresAt == null && maxAge == null) {
			return true;
		}
		Instant now = this.clock.instant();
		return (expiresAt == null || now.isBefore(expiresAt))
				&& (maxAge == null || Duration.between(createdAt, now).compareTo(maxAge) < 0);
	}

	private <T> @Nullable T lookupMemory(CacheLookup lookup, Class<T> type) {
		Remembered remembered = (this.memory != null) ? this.memory.get().get(lookup.request()) : null;
		if (remembered == null || !type.isInstance(remembered.value())
				|| !isFresh(remembered.createdAt(), remembered.expiresAt(), lookup.maxAge())) {
			return null;
		}
		countHit(this.statistics.of(lookup.request().model()), remembered.savedNanos(), remembered.savedTokens());
		return type.cast(remembered.value());
	}

	private static void countHit(Counters counters, long savedNanos, long savedTokens) {
		counters.hits.increment();
		counters.savedNanos.add(savedNanos);
		counters.savedTokens.add(savedTokens);
	}

	private void count(CacheLookup lookup, Found<?> found) {
		Counters counters = this.statistics.of(lookup.request().model());
		CacheEntry entry = found.entry();
		if (entry != null) {
			countHit(counters, entry.costNanos(), entry.tokens());
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
		if (this.memory != null) {
			writes.forEach((write) -> this.memory.get().remove(write.request()));
		}
		Counters counters = this.statistics.of(model);
		(saved ? counters.writes : counters.errors).add(writes.size());
	}

	private static CacheEntry toEntry(CacheWrite write) {
		CacheRequest request = write.request();
		CacheKeyHasher hasher = request.hasher();
		RequestRecord record = new RequestRecord(hasher.hashParameters(request), hasher.hashMessages(request),
				RequestJson.write(request));
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
		if (this.store == null) {
			return 0;
		}
		try {
			return this.store.deleteModel(model);
		}
		finally {
			if (this.memory != null) {
				this.memory.get().removeModel(model);
			}
		}
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
