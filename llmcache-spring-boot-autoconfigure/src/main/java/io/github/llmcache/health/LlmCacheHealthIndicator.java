package io.github.llmcache.health;

import io.github.llmcache.cache.CacheHealth;
import io.github.llmcache.cache.CacheManager;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * {@link HealthIndicator} of the cache: down while its store fails. Requests are answered
 * all the same then, by their providers.
 */
public class LlmCacheHealthIndicator extends AbstractHealthIndicator {

	private final CacheManager cacheManager;

	/**
	 * Create the indicator.
	 * @param cacheManager the cache
	 */
	public LlmCacheHealthIndicator(CacheManager cacheManager) {
		super("The llmcache health check failed");
		this.cacheManager = cacheManager;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		CacheHealth health = this.cacheManager.health();
		builder.withDetail("backend", this.cacheManager.backend());
		if (health.failure() == null) {
			builder.up();
			return;
		}
		builder.down().withDetail("failure", health.failure());
		if (health.since() != null) {
			builder.withDetail("since", health.since());
		}
	}

}
