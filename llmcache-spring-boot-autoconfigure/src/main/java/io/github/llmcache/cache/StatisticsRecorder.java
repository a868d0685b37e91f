package io.github.llmcache.cache;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;

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

	StatisticsRecorder(InstantSource clock) {
		this.since = clock.instant();
	}

	Counters of(String model) {
		Counters counters = this.models.get(model);
		if (counters != null) {
			return counters;
		}
		String counted = (this.models.size() < MAX_MODELS) ? model : OTHER_MODELS;
		return this.models.computeIfAbsent(counted, (name) -> new Counters());
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

		private ModelStatistics snapshot() {
			return new ModelStatistics(this.hits.sum(), this.misses.sum(), this.stale.sum(), this.writes.sum(),
					this.errors.sum(), this.coalesced.sum(), this.spentNanos.sum(), this.savedNanos.sum(),
					this.savedTokens.sum(), this.unpricedCalls.sum(), this.inputTokens.sum(), this.outputTokens.sum(),
					this.evictions.sum(), this.expirations.sum());
		}

	}

}
