package io.github.llmcache.metrics;

import java.util.Locale;

import io.github.llmcache.cache.BreakerState;
import io.github.llmcache.cache.SharedCacheStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} of the circuit breaker of a store that has one:
 * {@code llmcache.breaker.state} is 1 for the state that it is in, and 0 for the others.
 */
public class LlmCacheBreakerMeterBinder implements MeterBinder {

	private final SharedCacheStore store;

	/**
	 * Create the binder.
	 * @param store the store
	 */
	public LlmCacheBreakerMeterBinder(SharedCacheStore store) {
		this.store = store;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (this.store.breakerState() == null) {
			return;
		}
		for (BreakerState state : BreakerState.values()) {
			Gauge.builder("llmcache.breaker.state", this.store, (store) -> (store.breakerState() == state) ? 1 : 0)
				.description("The state of the circuit breaker of the store")
				.tag("state", state.name().toLowerCase(Locale.ROOT))
				.register(registry);
		}
	}

}
