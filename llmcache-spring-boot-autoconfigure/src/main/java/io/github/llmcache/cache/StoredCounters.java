package io.github.llmcache.cache;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;

/**
 * The counters of a model by the names under which stores keep them.
 */
public final class StoredCounters {

	private static final String HITS = "hits";

	private static final String MISSES = "misses";

	private static final String STALE = "stale";

	private static final String WRITES = "writes";

	private static final String ERRORS = "errors";

	private static final String COALESCED = "coalesced";

	private static final String SPENT_NANOS = "spentNanos";

	private static final String SAVED_NANOS = "savedNanos";

	private static final String SAVED_TOKENS = "savedTokens";

	private static final String UNPRICED_CALLS = "unpricedCalls";

	private static final String INPUT_TOKENS = "inputTokens";

	private static final String OUTPUT_TOKENS = "outputTokens";

	private static final String EVICTIONS = "evictions";

	private static final String EXPIRATIONS = "expirations";

	private StoredCounters() {
	}

	/**
	 * Return what to store.
	 * @param counters the counters
	 * @return the counters by their names, always in the same order
	 */
	public static Map<String, Long> toMap(ModelStatistics counters) {
		Map<String, Long> byName = new LinkedHashMap<>();
		byName.put(HITS, counters.hits());
		byName.put(MISSES, counters.misses());
		byName.put(STALE, counters.stale());
		byName.put(WRITES, counters.writes());
		byName.put(ERRORS, counters.errors());
		byName.put(COALESCED, counters.coalesced());
		byName.put(SPENT_NANOS, counters.spentNanos());
		byName.put(SAVED_NANOS, counters.savedNanos());
		byName.put(SAVED_TOKENS, counters.savedTokens());
		byName.put(UNPRICED_CALLS, counters.unpricedCalls());
		byName.put(INPUT_TOKENS, counters.inputTokens());
		byName.put(OUTPUT_TOKENS, counters.outputTokens());
		byName.put(EVICTIONS, counters.evictions());
		byName.put(EXPIRATIONS, counters.expirations());
		return byName;
	}

	/**
	 * Return what was stored.
	 * @param byName the counters by their names. One that is absent is zero, and other
	 * names mean nothing
	 * @return the counters
	 */
	public static ModelStatistics of(Map<String, Long> byName) {
		return new ModelStatistics(get(byName, HITS), get(byName, MISSES), get(byName, STALE), get(byName, WRITES),
				get(byName, ERRORS), get(byName, COALESCED), get(byName, SPENT_NANOS), get(byName, SAVED_NANOS),
				get(byName, SAVED_TOKENS), get(byName, UNPRICED_CALLS), get(byName, INPUT_TOKENS),
				get(byName, OUTPUT_TOKENS), get(byName, EVICTIONS), get(byName, EXPIRATIONS));
	}

	private static long get(Map<String, Long> byName, String name) {
		return byName.getOrDefault(name, 0L);
	}

}
