package io.github.llmcache.inference;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.RateLimits;

/**
 * The limiters of the models that were asked last. Thread-safe.
 */
final class RateLimiters {

	/**
	 * Ids of models can come from users, so there is no end to them. Which limiter is
	 * forgotten only costs what the provider has said.
	 */
	static final int MAX_LIMITERS = 1000;

	private final Map<Model, RateLimiter> limiters = new LinkedHashMap<>(16, 0.75f, true);

	private final Duration longestPause;

	private final LongSupplier nanoTime;

	/**
	 * Create limiters.
	 * @param longestPause the longest time to wait because of what a provider says
	 * @param nanoTime the time
	 */
	RateLimiters(Duration longestPause, LongSupplier nanoTime) {
		this.longestPause = longestPause;
		this.nanoTime = nanoTime;
	}

	/**
	 * Return the limiter of a model.
	 * @param provider the provider that is asked
	 * @param model the id of the model
	 * @return the limiter
	 */
	synchronized RateLimiter of(ProviderDefinition provider, String model) {
		RateLimits limits = provider.limits();
		RateLimiter limiter = this.limiters.computeIfAbsent(new Model(provider.name(), model),
				(key) -> new RateLimiter(limits.of(model), limits.fraction(), this.longestPause, this.nanoTime));
		if (this.limiters.size() > MAX_LIMITERS) {
			Iterator<RateLimiter> eldest = this.limiters.values().iterator();
			eldest.next();
			eldest.remove();
		}
		return limiter;
	}

	synchronized int size() {
		return this.limiters.size();
	}

	private record Model(String provider, String id) {
	}

}
