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
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.llmcache.cache.CacheObserver.LookupObservation;
import io.github.llmcache.cache.CacheObserver.LookupResult;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.MemoryLevel.Remembered;
import io.github.llmcache.cache.SharedCacheStore.ChangeListener;
import io.github.llmcache.cache.StatisticsRecorder.Counters;
import io.github.llmcache.MissExplanation;
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

	private final RedactedWrites redaction;

	private final InstantSource clock;

	private final Retentions retentions;

	private final StatisticsRecorder statistics;

	private final StatisticsJournal journal;

	/** Of lookups that are not counted. */
	private final Counters uncounted = new Counters(null);

	private final StoreGuard guard;

	/** {@code null} if this process does not maintain the store. */
	private final @Nullable Maintenance maintenance;

	private final CacheObserver observer;

	private final boolean isolated;

	/**
	 * Create a manager that nobody observes.
	 * @param store the store, or {@code null} to cache nothing
	 * @param settings how it works
	 * @param clock the time
	 */
	public DefaultCacheManager(@Nullable CacheStore store, CacheSettings settings, InstantSource clock) {
		this(store, settings, clock, List.of());
	}

	/**
	 * Create a manager.
	 * @param store the store, or {@code null} to cache nothing
	 * @param settings how it works
	 * @param clock the time
	 * @param observers are told of lookups and entries, in this order
	 */
	public DefaultCacheManager(@Nullable CacheStore store, CacheSettings settings, InstantSource clock,
			List<CacheObserver> observers) {
		MemorySettings memory = settings.memory();
		this.store = store;
		this.memory = (store != null && memory.maximumSize() > 0)
				? new Lazy<>(() -> new MemoryLevel(memory.maximumSize(), memory.timeToLive())) : null;
		this.maxEntrySize = settings.maxEntrySize();
		this.redaction = new RedactedWrites(settings.redaction());
		this.clock = clock;
		this.retentions = new Retentions(settings.retention());
		this.statistics = new StatisticsRecorder(clock, this::beginUpkeep);
		this.journal = new StatisticsJournal(this.statistics, clock);
		this.guard = new StoreGuard(backend(), clock);
		this.maintenance = (store != null && settings.maintained())
				? new Maintenance(store, this.retentions, this.statistics, this.journal, this.guard,
						settings.maintenanceInterval(), clock, new SplittableRandom())
				: null;
		this.observer = CacheObservers.of(observers);
		this.isolated = settings.isolated();
		if (store instanceof SharedCacheStore shared && this.memory != null) {
			shared.onChange(new Forgetting(this.memory));
		}
	}

	private @Nullable Upkeep beginUpkeep(String model) {
		return (this.maintenance != null) ? this.maintenance.begin(model) : null;
	}

	@Override
	public <T> @Nullable T lookup(CacheLookup lookup, EntryReader<T> reader) {
		LookupObservation observation = this.observer.lookupsStarted(1);
		try {
			T remembered = lookupMemory(lookup, reader.type());
			if (remembered != null) {
				observation.lookedUp(LookupResult.MEMORY_HIT);
				return remembered;
			}
			T found = find(lookup, reader, counters(lookup.request()));
			observation.lookedUp((found != null) ? LookupResult.STORE_HIT : LookupResult.MISS);
			return found;
		}
		finally {
			observation.ended();
		}
	}

	private Counters counters(CacheRequest request) {
		return this.statistics.of(request.namespace(), request.model());
	}

	@Override
	public <T> @Nullable T lookupAgain(CacheLookup lookup, EntryReader<T> reader) {
		return find(lookup, reader, this.uncounted);
	}

	@Override
	public <T> Found<T> lookupSamples(CacheLookup lookup, EntryReader<T> reader) {
		StoredEntry stored = get(lookup, this.uncounted);
		if (stored == null) {
			return new Found<>(null, false);
		}
		try {
			CacheEntry entry = stored.read();
			if (isFresh(entry.createdAt(), entry.expiresAt(), lookup.maxAge())) {
				return new Found<>(reader.read(entry), false);
			}
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			logUnreadable(lookup, ex);
		}
		return new Found<>(null, true);
	}

	@Override
	public <T> List<@Nullable T> lookupAll(List<CacheLookup> lookups, List<? extends EntryReader<T>> readers) {
		LookupObservation observation = lookups.isEmpty() ? LookupObservation.NONE
				: this.observer.lookupsStarted(lookups.size());
		try {
			return lookupAll(lookups, readers, observation);
		}
		finally {
			observation.ended();
		}
	}

	private <T> List<@Nullable T> lookupAll(List<CacheLookup> lookups, List<? extends EntryReader<T>> readers,
			LookupObservation observation) {
		List<@Nullable T> values = new ArrayList<>(lookups.size());
		long[] stamps = new long[lookups.size()];
		Map<String, List<CacheRequest>> requests = new HashMap<>();
		for (int i = 0; i < lookups.size(); i++) {
			CacheLookup lookup = lookups.get(i);
			T remembered = lookupMemory(lookup, readers.get(i).type());
			values.add(remembered);
			if (remembered != null) {
				observation.lookedUp(LookupResult.MEMORY_HIT);
			}
			else {
				stamps[i] = stamp(lookup);
				requests.computeIfAbsent(lookup.request().model(), (model) -> new ArrayList<>(lookups.size()))
					.add(lookup.request());
			}
		}
		Map<String, Map<CacheKey, StoredEntry>> stored = new HashMap<>();
		requests.forEach((model, ofModel) -> stored.put(model, getAll(model, ofModel)));
		for (int i = 0; i < lookups.size(); i++) {
			if (values.get(i) == null) {
				CacheLookup lookup = lookups.get(i);
				CacheKey key = lookup.request().key();
				StoredEntry entry = stored.getOrDefault(key.model(), Map.of()).get(key);
				T found = read(entry, lookup, stamps[i], readers.get(i), counters(lookup.request()));
				observation.lookedUp((found != null) ? LookupResult.STORE_HIT : LookupResult.MISS);
				values.set(i, found);
			}
		}
		return values;
	}

	private Map<CacheKey, StoredEntry> getAll(String model, List<CacheRequest> requests) {
		CacheStore store = this.store;
		if (store == null) {
			return Map.of();
		}
		List<CacheKey> keys = requests.stream().map(CacheRequest::key).toList();
		Map<CacheKey, StoredEntry> entries = this.guard.read(model, () -> store.getAll(keys),
				() -> requests.forEach((request) -> counters(request).errors.increment()));
		return (entries != null) ? entries : Map.of();
	}

	private <T> @Nullable T find(CacheLookup lookup, EntryReader<T> reader, Counters counters) {
		long stamp = stamp(lookup);
		return read(get(lookup, counters), lookup, stamp, reader, counters);
	}

	private @Nullable StoredEntry get(CacheLookup lookup, Counters counters) {
		CacheStore store = this.store;
		if (store == null) {
			return null;
		}
		CacheKey key = lookup.request().key();
		return this.guard.read(key.model(), () -> store.get(key), counters.errors::increment);
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
				if (!entry.holds(lookup.samples())) {
					counters.misses.increment();
					return null;
				}
				T value = reader.read(entry);
				if (this.memory != null && isFirst(lookup)) {
					this.memory.get().put(lookup.request(), stamp, entry, value);
				}
				counters.hit(lookup.request().key(), entry.costNanos(lookup.samples()), entry.tokens(lookup.samples()));
				return value;
			}
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			logUnreadable(lookup, ex);
		}
		counters.misses.increment();
		counters.stale.increment();
		return null;
	}

	private static void logUnreadable(CacheLookup lookup, Exception ex) {
		logger.debug("Entry " + lookup.request().key() + " cannot be read: " + ex.getClass().getName());
	}

	/**
	 * Only what nearly everybody asks for is remembered: the same entry is read as
	 * something else for each choice of samples.
	 */
	private static boolean isFirst(CacheLookup lookup) {
		return lookup.samples().end() == 1;
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
		Remembered remembered = (this.memory != null && isFirst(lookup)) ? this.memory.get().get(lookup.request())
				: null;
		if (remembered == null || !type.isInstance(remembered.value())
				|| !isFresh(remembered.createdAt(), remembered.expiresAt(), lookup.maxAge())) {
			return null;
		}
		counters(lookup.request()).hit(remembered.key(), remembered.savedNanos(), remembered.savedTokens());
		return type.cast(remembered.value());
	}

	@Override
	public void saveAll(List<CacheWrite> writes) {
		CacheStore store = this.store;
		if (store == null) {
			return;
		}
		writes.stream()
			.map(this.redaction::redact)
			.map(this::withoutTooLarge)
			.filter((write) -> !write.responses().isEmpty())
			.collect(Collectors.groupingBy((write) -> write.request().model()))
			.forEach((model, ofModel) -> {
				Map<Boolean, List<CacheWrite>> byAppend = ofModel.stream()
					.collect(Collectors.partitioningBy(CacheWrite::append));
				save(model, byAppend.getOrDefault(false, List.of()), store::putAll);
				save(model, byAppend.getOrDefault(true, List.of()), store::appendAll);
			});
	}

	private CacheWrite withoutTooLarge(CacheWrite write) {
		List<CachedResponse> responses = write.responses();
		if (responses.stream().allMatch(this::isSmallEnough)) {
			return write;
		}
		return new CacheWrite(write.request(), responses.stream().filter(this::isSmallEnough).toList(), write.append(),
				write.timeToLive());
	}

	private boolean isSmallEnough(CachedResponse response) {
		return response.body().length <= this.maxEntrySize;
	}

	private void save(String model, List<CacheWrite> writes, Consumer<List<CacheEntry>> operation) {
		if (writes.isEmpty()) {
			return;
		}
		Upkeep upkeep = counters(writes.get(0).request()).upkeep;
		this.guard.write(model, () -> {
			List<CacheEntry> entries = writes.stream().map(this::toEntry).toList();
			operation.accept(entries);
			writes.forEach((write) -> counters(write.request()).writes.add(write.responses().size()));
			if (this.maintenance != null && upkeep != null) {
				this.maintenance.saved(upkeep, entries);
			}
			writes.forEach((write) -> this.observer.entryStored(model, bytes(write)));
		}, () -> writes.forEach((write) -> counters(write.request()).errors.increment()));
		if (this.memory != null) {
			writes.forEach((write) -> this.memory.get().remove(write.request()));
		}
	}

	private static long bytes(CacheWrite write) {
		return write.responses().stream().mapToLong((response) -> response.body().length).sum();
	}

	private CacheEntry toEntry(CacheWrite write) {
		CacheRequest request = write.request();
		return new CacheEntry(request.key(), request.namespace(), write.responses(), this.retentions.expiresAt(write),
				this.redaction.request(request, this.maxEntrySize));
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
	public void recordSpent(String namespace, String model, @Nullable Long costNanos, long inputTokens,
			long outputTokens) {
		Counters counters = this.statistics.of(namespace, model);
		counters.inputTokens.add(inputTokens);
		counters.outputTokens.add(outputTokens);
		if (costNanos != null) {
			counters.spentNanos.add(costNanos);
		}
		else {
			counters.unpricedCalls.increment();
		}
	}

	@Override
	public void recordCoalesced(String namespace, String model, @Nullable Long savedNanos, long tokens) {
		this.statistics.of(namespace, model).coalesced.increment();
		recordReplayed(namespace, model, savedNanos, tokens);
	}

	@Override
	public void recordReplayed(String namespace, String model, @Nullable Long savedNanos, long tokens) {
		Counters counters = this.statistics.of(namespace, model);
		counters.savedTokens.add(tokens);
		if (savedNanos != null) {
			counters.savedNanos.add(savedNanos);
		}
	}

	@Override
	public long deleteModel(String model) {
		return delete(EntryFilter.ofModel(model));
	}

	@Override
	public long delete(EntryFilter filter) {
		if (this.store == null) {
			return 0;
		}
		if (this.maintenance != null && filter.unusedFor() != null) {
			this.maintenance.saveUses();
		}
		return new FilteredDeletion(this.store, this.guard, this.clock).delete(filter, this::forget);
	}

	private void forget(@Nullable String model, @Nullable Set<Long> fingerprints) {
		if (this.memory == null) {
			return;
		}
		if (model != null && fingerprints != null) {
			this.memory.get().remove(model, fingerprints);
		}
		else {
			this.memory.get().removeModel(model);
		}
	}

	@Override
	public MissExplanation explain(CacheLookup lookup) {
		return new MissExplainer(this.store, this.guard, this.clock, this.isolated, this.redaction.redaction())
			.explain(lookup);
	}

	@Override
	public List<DailyStatistics> lifetimeStatistics() {
		return this.journal.addTo(this.store);
	}

	@Override
	public StoreStatus status() {
		if (this.store == null) {
			return new StoreStatus(null, null, null, null);
		}
		try {
			return this.store.status();
		}
		catch (RuntimeException ex) {
			String failure = StoreGuard.describe(ex);
			return new StoreStatus(failure, failure, null, null);
		}
	}

	@Override
	public CacheStatistics statistics() {
		return this.statistics.snapshot();
	}

	@Override
	public CacheStatistics statistics(String namespace) {
		return this.statistics.snapshot(namespace);
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
	 * Keep the store in order now, instead of some time later and in the background.
	 */
	void maintain() {
		if (this.maintenance != null) {
			this.maintenance.round();
		}
	}

	/**
	 * Close the store once all that was saved is safe.
	 */
	@Override
	public void close() {
		if (this.maintenance != null) {
			this.maintenance.close();
		}
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
