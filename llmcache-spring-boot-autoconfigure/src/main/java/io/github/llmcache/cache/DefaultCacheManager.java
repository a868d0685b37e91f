package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.MemoryLevel.Remembered;
import io.github.llmcache.cache.SharedCacheStore.ChangeListener;
import io.github.llmcache.cache.StatisticsRecorder.Counters;
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

	/** Of lookups that are not counted. */
	private final Counters uncounted = new Counters();

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
		if (store instanceof SharedCacheStore shared && this.memory != null) {
			shared.onChange(new Forgetting(this.memory));
		}
	}

	@Override
	public <T> @Nullable T lookup(CacheLookup lookup, EntryReader<T> reader) {
		T remembered = lookupMemory(lookup, reader.type());
		if (remembered != null) {
			return remembered;
		}
		return find(lookup, reader, this.statistics.of(lookup.request().model()));
	}

	@Override
	public <T> @Nullable T lookupAgain(CacheLookup lookup, EntryReader<T> reader) {
		return find(lookup, reader, this.uncounted);
	}

	@Override
	public <T> List<@Nullable T> lookupAll(List<CacheLookup> lookups, List<? extends EntryReader<T>> readers) {
		List<@Nullable T> values = new ArrayList<>(lookups.size());
		long[] stamps = new long[lookups.size()];
		Map<String, List<CacheKey>> keys = new HashMap<>();
		for (int i = 0; i < lookups.size(); i++) {
			CacheLookup lookup = lookups.get(i);
			T remembered = lookupMemory(lookup, readers.get(i).type());
			values.add(remembered);
			if (remembered == null) {
				stamps[i] = stamp(lookup);
				CacheKey key = lookup.request().key();
				keys.computeIfAbsent(key.model(), (model) -> new ArrayList<>(lookups.size())).add(key);
			}
		}
		Map<String, Map<CacheKey, StoredEntry>> stored = new HashMap<>();
		keys.forEach((model, ofModel) -> stored.put(model, getAll(model, ofModel)));
		for (int i = 0; i < lookups.size(); i++) {
			if (values.get(i) == null) {
				CacheLookup lookup = lookups.get(i);
				CacheKey key = lookup.request().key();
				StoredEntry entry = stored.getOrDefault(key.model(), Map.of()).get(key);
				values.set(i, read(entry, lookup, stamps[i], readers.get(i), this.statistics.of(key.model())));
			}
		}
		return values;
	}

	private Map<CacheKey, StoredEntry> getAll(String model, List<CacheKey> keys) {
		CacheStore store = this.store;
		if (store == null) {
			return Map.of();
		}
		Map<CacheKey, StoredEntry> entries = this.guard.read(model, () -> store.getAll(keys),
				() -> this.statistics.of(model).errors.add(keys.size()));
		return (entries != null) ? entries : Map.of();
	}

	private <T> @Nullable T find(CacheLookup lookup, EntryReader<T> reader, Counters counters) {
		CacheStore store = this.store;
		long stamp = stamp(lookup);
		StoredEntry stored = null;
		if (store != null) {
			CacheKey key = lookup.request().key();
			stored = this.guard.read(key.model(), () -> store.get(key), counters.errors::increment);
		}
		return read(stored, lookup, stamp, reader, counters);
	}

	private long stamp(CacheLookup lookup) {
		return (this.memory != null) ? this.memory.get().stamp(lookup.request()) : 0;
	}

	private <T> @Nullable T read(@Nullable StoredEntry stored, CacheLookup lookup, long stamp, EntryReader<T> reader,
			Counters counters) {
		if (stored == null) {
			counters.misses.increment();
			return null;
		}
		try {
			CacheEntry entry = stored.read();
			if (isFresh(entry.createdAt(), entry.expiresAt(), lookup.maxAge())) {
				T value = reader.read(entry);
				if (this.memory != null) {
					this.memory.get().put(lookup.request(), stamp, entry, value);
				}
				countHit(counters, entry.costNanos(), entry.tokens());
				return value;
			}
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			logger.debug("Entry " + lookup.request().key() + " cannot be read: " + ex.getClass().getName());
		}
		counters.misses.increment();
		counters.stale.increment();
		return null;
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
		Counters counters = this.statistics.of(model);
		int count = writes.size();
		this.guard.write(model, () -> {
			store.putAll(writes.stream().map(DefaultCacheManager::toEntry).toList());
			counters.writes.add(count);
		}, () -> counters.errors.add(count));
		if (this.memory != null) {
			writes.forEach((write) -> this.memory.get().remove(write.request()));
		}
	}

	private static CacheEntry toEntry(CacheWrite write) {
		CacheRequest request = write.request();
		CacheKeyHasher hasher = request.hasher();
		RequestRecord record = new RequestRecord(hasher.hashParameters(request), hasher.hashMessages(request),
				RequestJson.write(request));
		return new CacheEntry(request.key(), request.namespace(), List.of(write.response()), null, record);
	}

	@Override
	public @Nullable CallLease tryLease(CacheRequest request) {
		if (!(this.store instanceof SharedCacheStore shared)) {
			return CallLease.NONE;
		}
		Optional<CallLease> attempt = this.guard.lease(request.model(),
				() -> Optional.ofNullable(shared.tryLease(request.key())));
		return (attempt != null) ? attempt.orElse(null) : CallLease.NONE;
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
	 * Forgets what other processes have changed.
	 */
	private record Forgetting(Lazy<MemoryLevel> memory) implements ChangeListener {

		@Override
		public void entriesChanged(String model, Set<Long> fingerprints) {
			MemoryLevel level = this.memory.getIfCreated();
			if (level != null) {
				level.remove(model, fingerprints);
			}
		}

		@Override
		public void allChanged(@Nullable String model) {
			MemoryLevel level = this.memory.getIfCreated();
			if (level != null) {
				level.removeModel(model);
			}
		}

	}

}
