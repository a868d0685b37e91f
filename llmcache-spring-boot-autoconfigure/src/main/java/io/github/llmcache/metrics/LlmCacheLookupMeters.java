package io.github.llmcache.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.github.llmcache.cache.CacheObserver;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Times lookups ({@code llmcache.lookups}) and measures what is stored
 * ({@code llmcache.entry.size}). Of lookups that are made together, each takes its share
 * of the time. Tags are bounded, as those of {@link LlmCacheTimers}. Thread-safe.
 */
public class LlmCacheLookupMeters implements CacheObserver {

	/** From 5 microseconds, which a lookup takes at least, to the timeouts of stores. */
	private static final Duration[] BUCKETS = LongStream
		.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000)
		.mapToObj((micros) -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros)))
		.toArray(Duration[]::new);

	private final Map<LookupResult, Timer> timers = new EnumMap<>(LookupResult.class);

	private final ModelTags models = new ModelTags();

	private final MeterProvider<DistributionSummary> sizes;

	/**
	 * Create the meters.
	 * @param registry where they are registered
	 */
	public LlmCacheLookupMeters(MeterRegistry registry) {
		for (LookupResult result : LookupResult.values()) {
			this.timers.put(result,
					Timer.builder("llmcache.lookups")
						.description("How long lookups took")
						.tag("result", result.name().toLowerCase(Locale.ROOT))
						.serviceLevelObjectives(BUCKETS)
						.register(registry));
		}
		this.sizes = DistributionSummary.builder("llmcache.entry.size")
			.description("The size of what was stored for a request, as the provider sent it")
			.baseUnit("bytes")
			.withRegistry(registry);
	}

	@Override
	public LookupObservation lookupsStarted(int count) {
		return new Timing();
	}

	@Override
	public void entryStored(String model, long bytes) {
		this.sizes.withTags(Tags.of("model", this.models.add(model))).record(bytes);
	}

	/**
	 * Used by one thread.
	 */
	private final class Timing implements LookupObservation {

		private final long start = System.nanoTime();

		private final int[] counts = new int[LookupResult.values().length];

		private int count;

		@Override
		public void lookedUp(LookupResult result) {
			this.counts[result.ordinal()]++;
			this.count++;
		}

		@Override
		public void ended() {
			long share = (System.nanoTime() - this.start) / Math.max(this.count, 1);
			LlmCacheLookupMeters.this.timers.forEach((result, timer) -> {
				for (int i = 0; i < this.counts[result.ordinal()]; i++) {
					timer.record(share, TimeUnit.NANOSECONDS);
				}
			});
		}

	}

}
