package io.github.llmcache.metrics;

import io.github.llmcache.cache.CacheObserver.LookupResult;
import io.micrometer.observation.Observation;

/**
 * {@link Observation.Context} of {@linkplain LlmCacheObservation#LOOKUP lookups}.
 */
public class LookupObservationContext extends Observation.Context {

	private final int[] results = new int[LookupResult.values().length];

	private final int lookups;

	/**
	 * Create the context.
	 * @param lookups how many lookups are made together
	 */
	public LookupObservationContext(int lookups) {
		this.lookups = lookups;
	}

	/**
	 * Return how many lookups are made together.
	 * @return the number
	 */
	public int getLookups() {
		return this.lookups;
	}

	/**
	 * Return how many of them have ended in a way.
	 * @param result the way
	 * @return the number
	 */
	public int count(LookupResult result) {
		return this.results[result.ordinal()];
	}

	void lookedUp(LookupResult result) {
		this.results[result.ordinal()]++;
	}

}
