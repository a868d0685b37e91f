package io.github.llmcache.metrics;

import io.github.llmcache.cache.CacheObserver.LookupResult;
import io.github.llmcache.metrics.LlmCacheObservation.Keys;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * Default {@link LookupObservationConvention}.
 */
public class DefaultLookupObservationConvention implements LookupObservationConvention {

	/** The default name. */
	public static final String NAME = "llmcache.lookup";

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public String getContextualName(LookupObservationContext context) {
		return "llmcache lookup";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(LookupObservationContext context) {
		int memory = context.count(LookupResult.MEMORY_HIT);
		int store = context.count(LookupResult.STORE_HIT);
		return KeyValues.of(Keys.CACHE_RESULT.withValue(result(memory + store, context.count(LookupResult.MISS))),
				Keys.CACHE_LEVEL.withValue(level(memory, store)));
	}

	private static String result(int hits, int misses) {
		if (hits == 0) {
			return (misses > 0) ? "miss" : KeyValue.NONE_VALUE;
		}
		return (misses > 0) ? "partial" : "hit";
	}

	private static String level(int memory, int store) {
		if (memory == 0) {
			return (store > 0) ? "store" : KeyValue.NONE_VALUE;
		}
		return (store > 0) ? "both" : "memory";
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(LookupObservationContext context) {
		int hits = context.count(LookupResult.MEMORY_HIT) + context.count(LookupResult.STORE_HIT);
		return KeyValues.of(Keys.LOOKUPS.withValue(String.valueOf(context.getLookups())),
				Keys.HITS.withValue(String.valueOf(hits)));
	}

}
