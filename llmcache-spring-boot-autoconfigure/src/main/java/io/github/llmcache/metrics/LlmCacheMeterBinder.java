package io.github.llmcache.metrics;

import java.util.function.ToLongFunction;

import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} of the cache, named as Micrometer's conventions for caches have it,
 * with what has been spent and saved beside. Tags are bounded: models, which may come
 * from users, are no tag.
 * <p>
 * The tags of the meters {@code cache.*} are those with which Spring Boot registers the
 * caches of an application, for there are registries where all meters of a name must have
 * the same.
 */
public class LlmCacheMeterBinder implements MeterBinder {

	static final Tags TAGS = Tags.of("cache", "llmcache", "cache.manager", "llmCacheManager", "name", "llmcache");

	private static final double NANOS_PER_DOLLAR = 1e9;

	private final CacheManager cacheManager;

	/**
	 * Create the binder.
	 * @param cacheManager the cache
	 */
	public LlmCacheMeterBinder(CacheManager cacheManager) {
		this.cacheManager = cacheManager;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		counter("cache.gets", "The number of times an answer was looked up", ModelStatistics::hits)
			.tags(TAGS.and("result", "hit"))
			.register(registry);
		counter("cache.gets", "The number of times an answer was looked up", ModelStatistics::misses)
			.tags(TAGS.and("result", "miss"))
			.register(registry);
		counter("cache.puts", "The number of answers that were stored", ModelStatistics::writes).tags(TAGS)
			.register(registry);
		counter("cache.evictions", "The number of entries that were deleted to make room", ModelStatistics::evictions)
			.tags(TAGS)
			.register(registry);
		counter("llmcache.expirations", "Entries that were deleted because they had expired",
				ModelStatistics::expirations)
			.register(registry);
		counter("llmcache.stale", "Misses whose entry could not be used", ModelStatistics::stale).register(registry);
		counter("llmcache.errors", "Lookups and writes that failed in the store", ModelStatistics::errors)
			.register(registry);
		counter("llmcache.coalesced", "Misses that were answered together with an identical request",
				ModelStatistics::coalesced)
			.register(registry);
		counter("llmcache.unpriced", "Calls of providers whose price is unknown", ModelStatistics::unpricedCalls)
			.register(registry);
		dollars("llmcache.spent", "What was paid to providers, as far as prices are known", ModelStatistics::spentNanos)
			.register(registry);
		dollars("llmcache.saved", "What the replayed answers had cost, as far as it is known",
				ModelStatistics::savedNanos)
			.register(registry);
		counter("llmcache.saved.tokens", "The tokens of the replayed answers", ModelStatistics::savedTokens)
			.baseUnit("tokens")
			.register(registry);
		Gauge.builder("llmcache.store.up", this.cacheManager, (cache) -> cache.health().isUp() ? 1 : 0)
			.description("1 unless uses of the store have failed lately")
			.register(registry);
	}

	private FunctionCounter.Builder<CacheManager> counter(String name, String description,
			ToLongFunction<ModelStatistics> value) {
		return FunctionCounter.builder(name, this.cacheManager, (cache) -> value.applyAsLong(total(cache)))
			.description(description);
	}

	private FunctionCounter.Builder<CacheManager> dollars(String name, String description,
			ToLongFunction<ModelStatistics> nanos) {
		return FunctionCounter
			.builder(name, this.cacheManager, (cache) -> nanos.applyAsLong(total(cache)) / NANOS_PER_DOLLAR)
			.description(description)
			.baseUnit("dollars");
	}

	private static ModelStatistics total(CacheManager cache) {
		CacheStatistics statistics = cache.statistics();
		return statistics.total();
	}

}
