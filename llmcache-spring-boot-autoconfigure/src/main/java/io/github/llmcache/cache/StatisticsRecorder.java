package io.github.llmcache.cache;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the cache does, by model. Thread-safe, and without contention between
 * threads.
 */
final class StatisticsRecorder {

	/** Where models are counted beyond the first {@link #MAX_MODELS}. */
	static final String OTHER_MODELS = "(other)";

	/** Model ids may come from users; the memory they take must not be up to them. */
	static final int MAX_MODELS = 1000;

	private final Map<String, Counters> models = new ConcurrentHashMap<>();

	private final Instant since;

	private final Function<String, @Nullable Upkeep> onFirstUse;

	/**
	 * Create a recorder.
	 * @param clock the time
	 * @param onFirstUse is told of each model before it is first counted, perhaps more
	 * than once, and returns what has to be known of it beside its counters
	 */
	StatisticsRecorder(InstantSource clock, Function<String, @Nullable Upkeep> onFirstUse) {
		this.since = clock.instant();
		this.onFirstUse = onFirstUse;
	}

	Counters of(String model) {
		Counters counters = this.models.get(model);
		if (counters != null) {
			return counters;
		}
		String counted = (this.models.size() < MAX_MODELS) ? model : OTHER_MODELS;
		Counters known = this.models.get(counted);
		return (known != null) ? known : add(counted);
	}

	private Counters add(String model) {
		Counters created = new Counters(this.onFirstUse.apply(model));
		Counters other = this.models.putIfAbsent(model, created);
		return (other != null) ? other : created;
	}

	CacheStatistics snapshot() {
		Map<String, ModelStatistics> statistics = new TreeMap<>();
		this.models.forEach((model, counters) -> statistics.put(model, counters.snapshot()));
		ModelStatistics total = statistics.values().stream().reduce(ModelStatistics.NONE, ModelStatistics::plus);
		return new CacheStatistics(this.since, total, statistics);
	}

	/**
	 * The counters of one model.
	 */
	static final class Counters {

		final LongAdder hits = new LongAdder();

		final LongAdder misses = new LongAdder();

		final LongAdder stale = new LongAdder();

		final LongAdder writes = new LongAdder();

		final LongAdder errors = new LongAdder();

		final LongAdder coalesced = new LongAdder();

		final LongAdder spentNanos = new LongAdder();

		final LongAdder savedNanos = new LongAdder();

		final LongAdder savedTokens = new LongAdder();

		final LongAdder unpricedCalls = new LongAdder();

		final LongAdder inputTokens = new LongAdder();

		final LongAdder outputTokens = new LongAdder();

		final LongAdder evictions = new LongAdder();

		final LongAdder expirations = new LongAdder();

		/** What has to be known of the model, {@code null} if it is not maintained. */
		final @Nullable Upkeep upkeep;

		Counters(@Nullable Upkeep upkeep) {
			this.upkeep = upkeep;
		}

		/**
		 * Count an answer.
		 * @param key the key of its entry, whose hash is known already
		 */
		void hit(CacheKey key, long savedNanos, long savedTokens) {
			this.hits.increment();
			this.savedNanos.add(savedNanos);
			this.savedTokens.add(savedTokens);
			if (this.upkeep != null) {
				this.upkeep.used(key);
			}
		}

		private ModelStatistics snapshot() {
			return new ModelStatistics(this.hits.sum(), this.misses.sum(), this.stale.sum(), this.writes.sum(),
					this.errors.sum(), this.coalesced.sum(), this.spentNanos.sum(), this.savedNanos.sum(),
					this.savedTokens.sum(), this.unpricedCalls.sum(), this.inputTokens.sum(), this.outputTokens.sum(),
					this.evictions.sum(), this.expirations.sum());
		}

	}

}
