package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

import io.github.llmcache.cache.CacheStore.StoredAmount;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a store in order, in the background: records uses and statistics in it, and
 * deletes what has expired or is too much. Thread-safe.
 */
final class Maintenance {

	/** What is stored beside the body of an entry, at most about. */
	private static final int OVERHEAD = 512;

	/** Models that this process does not use are looked for so often. */
	private static final Duration LOOK_FOR_MODELS = Duration.ofHours(1);

	/** Longer intervals are none. */
	private static final Duration LONGEST_INTERVAL = Duration.ofDays(365);

	/** How often room is made for a model before others have their turn. */
	private static final int MOST_EVICTIONS = 10;

	/** In the place of a key's hash, which it never is. */
	private static final byte[] LEASE = new byte[CacheKey.LENGTH];

	private final ReentrantLock rounds = new ReentrantLock();

	private final Map<String, Upkeep> models = new ConcurrentHashMap<>();

	private final Uses uses;

	private final MaintenanceThread thread;

	private final CacheStore store;

	private final Retentions retentions;

	private final StatisticsRecorder statistics;

	private final StatisticsJournal journal;

	private final StoreGuard guard;

	private final InstantSource clock;

	private final Duration interval;

	private Instant nextRound = Instant.MIN;

	private Instant lookedForModels;

	Maintenance(CacheStore store, Retentions retentions, StatisticsRecorder statistics, StatisticsJournal journal,
			StoreGuard guard, Duration interval, InstantSource clock, RandomGenerator random) {
		this.store = store;
		this.retentions = retentions;
		this.statistics = statistics;
		this.journal = journal;
		this.guard = guard;
		this.clock = clock;
		this.lookedForModels = clock.instant();
		this.interval = (interval.compareTo(LONGEST_INTERVAL) < 0) ? interval : LONGEST_INTERVAL;
		this.thread = new MaintenanceThread(this::round, this::save, this.interval, random);
		this.uses = new Uses(this.thread::wake);
	}

	/**
	 * Begin to maintain a model, when it is first used.
	 * @param model the model's id
	 * @return what is known of it, or {@code null} if that is too many models
	 */
	@Nullable Upkeep begin(String model) {
		this.thread.start();
		return model.equals(StatisticsRecorder.OTHER_MODELS) ? null : upkeep(model, false);
	}

	private Upkeep upkeep(String model, boolean old) {
		Upkeep upkeep = this.models.get(model);
		if (upkeep != null) {
			return upkeep;
		}
		Retention retention = this.retentions.of(model);
		Upkeep created = new Upkeep(model, new Expiration(model, this.clock, old || retention.timeToLive() != null),
				this.uses, retention);
		Upkeep other = this.models.putIfAbsent(model, created);
		return (other != null) ? other : created;
	}

	/**
	 * Note what has been saved.
	 * @param upkeep what is known of its model
	 * @param entries what has been saved; at least one
	 */
	void saved(Upkeep upkeep, List<CacheEntry> entries) {
		long bytes = 0;
		Instant earliest = null;
		for (CacheEntry entry : entries) {
			bytes += OVERHEAD;
			for (CachedResponse response : entry.responses()) {
				bytes += response.body().length;
			}
			RequestRecord request = entry.request();
			bytes += (request != null) ? request.json().length : 0;
			Instant expiresAt = entry.expiresAt();
			if (expiresAt != null && (earliest == null || expiresAt.isBefore(earliest))) {
				earliest = expiresAt;
			}
		}
		if (upkeep.saved(new StoredAmount(entries.size(), bytes), earliest)) {
			this.thread.wake();
		}
	}

	/**
	 * Do everything that there is to do.
	 */
	void round() {
		round(false);
	}

	/**
	 * Do everything that there is to do, or only make room: whoever saves much should not
	 * have all of it done all the time.
	 */
	private void round(boolean woken) {
		this.rounds.lock();
		try {
			Instant now = this.clock.instant();
			if (woken && now.isBefore(this.nextRound)) {
				makeRoom();
			}
			else {
				this.nextRound = now.plus(this.interval);
				doEverything();
			}
		}
		finally {
			this.rounds.unlock();
		}
	}

	private void makeRoom() {
		if (this.uses.areMany()) {
			saveUses();
		}
		for (Upkeep upkeep : this.models.values()) {
			Bounds bounds = upkeep.bounds();
			if (bounds != null && upkeep.growth().isTooMuch() && !this.thread.isClosing()) {
				attempt(upkeep.model(), () -> alone(upkeep, () -> keepWithin(bounds, upkeep)));
			}
		}
	}

	private void doEverything() {
		save();
		attempt("", this::findModels);
		for (Upkeep upkeep : this.models.values()) {
			if (this.thread.isClosing()) {
				return;
			}
			upkeep.keep(this.retentions.of(upkeep.model()));
			if (upkeep.bounds() != null || upkeep.expiration().isDue() || upkeep.isReclaimable()) {
				attempt(upkeep.model(), () -> alone(upkeep, () -> doEverything(upkeep)));
			}
		}
	}

	private void doEverything(Upkeep upkeep) {
		if (upkeep.expiration().isDue()) {
			upkeep.expiration().run(this.store, this.thread::isClosing, (count) -> {
				this.statistics.ofAll(upkeep.model()).expirations.add(count);
				upkeep.setReclaimable(true);
			});
		}
		Bounds bounds = upkeep.bounds();
		if (bounds != null) {
			keepWithin(bounds, upkeep);
		}
		if (upkeep.isReclaimable()) {
			upkeep.setReclaimable(false);
			this.store.reclaim(upkeep.model());
		}
	}

	/**
	 * Keep a model in order, unless another process does so already.
	 */
	private void alone(Upkeep upkeep, Runnable work) {
		Bounds bounds = upkeep.bounds();
		if (bounds != null) {
			// If this fails or is left to others, not each entry that is saved tries
			// again
			upkeep.growth().allow(upkeep.growth().written(), bounds.overshoot());
		}
		@Nullable CallLease lease = (this.store instanceof SharedCacheStore shared)
				? shared.tryLease(CacheKey.of(upkeep.model(), 0, LEASE)) : CallLease.NONE;
		if (lease != null) {
			try (lease) {
				work.run();
			}
		}
	}

	private void keepWithin(Bounds bounds, Upkeep upkeep) {
		StoredAmount written = upkeep.growth().written();
		StoredAmount size = this.store.amount(upkeep.model());
		// More than once, for what is stored meanwhile may be too much already
		for (int i = 0; i < MOST_EVICTIONS && bounds.areExceededBy(size) && !this.thread.isClosing(); i++) {
			saveUses();
			new Eviction(this.store, upkeep.model(), bounds, this.thread::isClosing, (count) -> {
				this.statistics.ofAll(upkeep.model()).evictions.add(count);
				upkeep.setReclaimable(true);
			}).run();
			written = upkeep.growth().written();
			size = this.store.amount(upkeep.model());
		}
		upkeep.growth().allow(written, bounds.allowance(size));
	}

	/**
	 * Save what is known of uses and counters.
	 */
	void save() {
		saveUses();
		boolean[] unavailable = new boolean[1];
		this.journal.save((counted) -> !unavailable[0] && attempt(counted.get(0).model(), () -> {
			try {
				this.store.addStatistics(counted);
			}
			catch (CacheStoreUnavailableException ex) {
				// Each attempt may take long, and there may be a thousand of them
				unavailable[0] = true;
				throw ex;
			}
		}));
	}

	/**
	 * Save what is known of uses.
	 */
	void saveUses() {
		Set<CacheKey> used = this.uses.take();
		if (used.isEmpty()) {
			return;
		}
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MILLIS);
		Map<String, Map<CacheKey, Instant>> times = new HashMap<>();
		used.forEach((key) -> times.computeIfAbsent(key.model(), (model) -> new HashMap<>()).put(key, now));
		times.forEach((model, ofModel) -> attempt(model, () -> this.store.touch(ofModel)));
	}

	private void findModels() {
		Instant now = this.clock.instant();
		// Also if the clock was set back
		if (now.isBefore(this.lookedForModels) || !now.isBefore(this.lookedForModels.plus(LOOK_FOR_MODELS))) {
			this.lookedForModels = now;
			this.store.size().forEach((size) -> upkeep(size.model(), true));
		}
	}

	private boolean attempt(String model, Runnable work) {
		return this.guard.maintain(model, () -> {
			try {
				work.run();
			}
			catch (Error ex) {
				// Of one model's entries, or for a while: no reason never to try again
				throw new CacheStoreException("Keeping it in order ended with " + ex.getClass().getName(), ex);
			}
			return true;
		});
	}

	/**
	 * Save what there is to save, unless that takes too long, and do nothing any more.
	 */
	void close() {
		this.thread.close();
	}

}
