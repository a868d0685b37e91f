package io.github.llmcache.metrics;

import java.time.InstantSource;
import java.util.List;
import java.util.function.ToDoubleFunction;

import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} of what is stored: {@code cache.size}, and entries, bytes and
 * dollars by model. Measuring takes time, so nobody who reads the gauges waits for it:
 * who asks for {@code cache.size} gets what was measured last, and has it measured anew
 * in the background if that is a minute ago. There are no values before the first
 * measurement. Tags are bounded, as those of {@link LlmCacheTimers}.
 */
public class LlmCacheSizeMeterBinder implements MeterBinder {

	private static final double NANOS_PER_DOLLAR = 1e9;

	private final CacheManager cacheManager;

	private final InstantSource clock;

	/**
	 * Create the binder.
	 * @param cacheManager the cache
	 * @param clock the time
	 */
	public LlmCacheSizeMeterBinder(CacheManager cacheManager, InstantSource clock) {
		this.cacheManager = cacheManager;
		this.clock = clock;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		MultiGauge entries = gauge(registry, "llmcache.stored.entries", "The entries in the store", "entries");
		MultiGauge bytes = gauge(registry, "llmcache.stored.bytes", "The space that entries take", "bytes");
		MultiGauge dollars = gauge(registry, "llmcache.stored.value",
				"What the stored answers had cost, as far as it is known", "dollars");
		ModelTags models = new ModelTags();
		StoredSizes sizes = new StoredSizes(this.cacheManager::size, this.clock, (measured) -> {
			List<StoreSize> bounded = StoredSizes.bounded(measured, models);
			entries.register(rows(bounded, StoreSize::entries), true);
			bytes.register(rows(bounded, StoreSize::bytes), true);
			dollars.register(rows(bounded, (size) -> size.costNanos() / NANOS_PER_DOLLAR), true);
		});
		Gauge.builder("cache.size", sizes, StoredSizes::entries)
			.description("The number of entries in the store")
			.tags(LlmCacheMeterBinder.TAGS)
			.strongReference(true)
			.register(registry);
	}

	private static MultiGauge gauge(MeterRegistry registry, String name, String description, String unit) {
		return MultiGauge.builder(name).description(description).baseUnit(unit).register(registry);
	}

	private static List<Row<?>> rows(List<StoreSize> sizes, ToDoubleFunction<StoreSize> value) {
		return sizes.stream().<Row<?>>map((size) -> Row.of(Tags.of("model", size.model()), size, value)).toList();
	}

}
