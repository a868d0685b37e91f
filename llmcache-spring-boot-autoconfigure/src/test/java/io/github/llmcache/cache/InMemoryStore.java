package io.github.llmcache.cache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

	final AtomicInteger reads = new AtomicInteger();

	final AtomicInteger batches = new AtomicInteger();

	/** What is found instead of entries; empty if nothing is. */
	final Map<CacheKey, Optional<StoredEntry>> found = new ConcurrentHashMap<>();

	/** The model whose entries cannot be found or stored. */
	volatile @Nullable String failingModel;

	/** Thrown by inspections. */
	final AtomicReference<@Nullable RuntimeException> inspectionFailure = new AtomicReference<>();

	/** Thrown by whatever is done. */
	final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

	/** Run before the details of an entry are passed on. */
	volatile Runnable beforeDetails = () -> {
	};

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
		fail(key);
		this.reads.incrementAndGet();
		Optional<StoredEntry> found = this.found.get(key);
		if (found != null) {
			return found.orElse(null);
		}
		CacheEntry entry = this.entries.get(key);
		return (entry != null) ? () -> entry : null;
	}

	@Override
	public Map<CacheKey, StoredEntry> getAll(Collection<CacheKey> keys) {
		this.batches.incrementAndGet();
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
		entries.forEach((entry) -> {
			fail(entry.key());
			this.entries.put(entry.key(), entry);
		});
	}

	@Override
	public void appendAll(List<CacheEntry> entries) {
		entries.forEach((entry) -> {
			fail(entry.key());
			this.entries.merge(entry.key(), entry, (stored, added) -> {
				List<CachedResponse> responses = new ArrayList<>(stored.responses());
				responses.addAll(added.responses());
				return new CacheEntry(added.key(), added.namespace(), responses, stored.expiresAt(), added.request());
			});
		});
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
		fail(this.inspectionFailure.get());
		this.inspections.incrementAndGet();
		of(model).forEach((entry) -> {
			this.beforeDetails.run();
			action.accept(new Details(entry, lastUsed(entry)));
		});
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

	private void fail(CacheKey key) {
		fail();
		if (key.model().equals(this.failingModel)) {
			throw new CacheStoreException("The file of the model is broken", null);
		}
	}

	private void fail() {
		fail(this.failure.get());
	}

	private static void fail(@Nullable RuntimeException failure) {
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
			RequestRecord request = this.entry.request();
			return (request != null) ? request.hashes() : null;
		}

	}

}
