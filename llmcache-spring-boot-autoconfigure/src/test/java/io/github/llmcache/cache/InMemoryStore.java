package io.github.llmcache.cache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Keeps entries in memory, and fails when it is told to. An entry takes the space of its
 * bodies.
 */
final class InMemoryStore implements CacheStore {

	final Map<CacheKey, CacheEntry> entries = new ConcurrentHashMap<>();

	final Map<CacheKey, Instant> lastUsed = new ConcurrentHashMap<>();

	final List<DailyStatistics> statistics = new CopyOnWriteArrayList<>();

	final List<String> reclaimed = new CopyOnWriteArrayList<>();

	final AtomicInteger inspections = new AtomicInteger();

	final AtomicInteger touches = new AtomicInteger();

	final AtomicInteger writes = new AtomicInteger();

	/** Thrown by whatever is done. */
	final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

	/** Run before entries are deleted. */
	volatile Runnable beforeDeletion = () -> {
	};

	/** Run when an inspection has passed everything on. */
	volatile Runnable afterInspection = () -> {
	};

	volatile boolean closed;

	@Override
	public String name() {
		return "memory";
	}

	@Override
	public @Nullable StoredEntry get(CacheKey key) {
		fail();
		CacheEntry entry = this.entries.get(key);
		return (entry != null) ? () -> entry : null;
	}

	@Override
	public Map<CacheKey, StoredEntry> getAll(Collection<CacheKey> keys) {
		Map<CacheKey, StoredEntry> found = new HashMap<>();
		for (CacheKey key : keys) {
			StoredEntry entry = get(key);
			if (entry != null) {
				found.put(key, entry);
			}
		}
		return found;
	}

	@Override
	public void putAll(List<CacheEntry> entries) {
		fail();
		entries.forEach((entry) -> this.entries.put(entry.key(), entry));
	}

	@Override
	public void appendAll(List<CacheEntry> entries) {
		fail();
		entries.forEach((entry) -> this.entries.merge(entry.key(), entry, (stored, added) -> {
			List<CachedResponse> responses = new ArrayList<>(stored.responses());
			responses.addAll(added.responses());
			return new CacheEntry(added.key(), added.namespace(), responses, stored.expiresAt(), added.request());
		}));
	}

	@Override
	public void scan(@Nullable String model, Consumer<? super StoredEntry> action) {
		of(model).forEach((entry) -> {
			StoredEntry stored = () -> entry;
			action.accept(stored);
		});
	}

	@Override
	public @Nullable StoredEntry getWithRequest(CacheKey key) {
		return get(key);
	}

	@Override
	public void inspect(@Nullable String model, Consumer<? super EntryDetails> action) {
		fail();
		this.inspections.incrementAndGet();
		of(model).forEach((entry) -> action.accept(new Details(entry, lastUsed(entry))));
		this.afterInspection.run();
	}

	private List<CacheEntry> of(@Nullable String model) {
		return this.entries.values()
			.stream()
			.filter((entry) -> model == null || entry.key().model().equals(model))
			.toList();
	}

	private Instant lastUsed(CacheEntry entry) {
		Instant written = entry.responses().get(entry.responses().size() - 1).createdAt();
		Instant used = this.lastUsed.getOrDefault(entry.key(), written);
		return used.isAfter(written) ? used : written;
	}

	@Override
	public void touch(Map<CacheKey, Instant> lastUsed) {
		fail();
		this.touches.incrementAndGet();
		this.writes.incrementAndGet();
		this.lastUsed.putAll(lastUsed);
	}

	@Override
	public void addStatistics(Collection<DailyStatistics> counted) {
		this.writes.incrementAndGet();
		fail();
		this.statistics.addAll(counted);
	}

	@Override
	public List<DailyStatistics> statistics() {
		fail();
		return List.copyOf(this.statistics);
	}

	@Override
	public void reclaim(String model) {
		fail();
		this.reclaimed.add(model);
	}

	@Override
	public StoreStatus status() {
		return new StoreStatus(null, null, null, null);
	}

	@Override
	public long deleteAll(Collection<CacheKey> keys) {
		fail();
		this.beforeDeletion.run();
		this.writes.incrementAndGet();
		return List.copyOf(keys).stream().filter((key) -> this.entries.remove(key) != null).count();
	}

	@Override
	public long deleteModel(String model) {
		return deleteAll(of(model).stream().map(CacheEntry::key).toList());
	}

	@Override
	public long deleteNamespace(String namespace) {
		return deleteAll(
				of(null).stream().filter((entry) -> entry.namespace().equals(namespace)).map(CacheEntry::key).toList());
	}

	@Override
	public List<StoreSize> size() {
		fail();
		Map<String, StoreSize> sizes = new HashMap<>();
		of(null).forEach((entry) -> sizes.merge(entry.key().model(),
				new StoreSize(entry.key().model(), 1, bytes(entry), entry.costNanos()),
				(one, other) -> new StoreSize(one.model(), one.entries() + other.entries(), one.bytes() + other.bytes(),
						one.costNanos() + other.costNanos())));
		return List.copyOf(sizes.values());
	}

	@Override
	public void close() {
		this.closed = true;
	}

	private void fail() {
		RuntimeException failure = this.failure.get();
		if (failure != null) {
			throw failure;
		}
	}

	private static long bytes(CacheEntry entry) {
		return entry.responses().stream().mapToLong((response) -> response.body().length).sum();
	}

	private record Details(CacheEntry entry, Instant lastUsed) implements EntryDetails {

		@Override
		public CacheKey key() {
			return Objects.requireNonNull(this.entry.key());
		}

		@Override
		public long bytes() {
			return InMemoryStore.bytes(this.entry);
		}

		@Override
		public Facts facts() {
			return new Facts(this.entry.namespace(), this.entry.createdAt(), this.entry.expiresAt(),
					this.entry.samples(), this.entry.costNanos(), this.entry.responses().get(0).finishReason());
		}

		@Override
		public @Nullable RequestHashes hashes() {
			return null;
		}

	}

}
