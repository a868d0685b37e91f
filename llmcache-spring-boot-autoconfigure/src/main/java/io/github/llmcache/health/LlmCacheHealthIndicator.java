package io.github.llmcache.health;

import io.github.llmcache.cache.CacheHealth;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.StoreStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * {@link HealthIndicator} of the cache: down while its store fails, cannot be read,
 * cannot be written although this application writes to it, or is nearly full. Requests
 * are answered all the same then, by their providers.
 */
public class LlmCacheHealthIndicator extends AbstractHealthIndicator {

	private final CacheManager cacheManager;

	private final StatusProbe probe;

	private final HealthSettings settings;

	/**
	 * Create the indicator.
	 * @param cacheManager the cache
	 * @param settings when it is down
	 */
	public LlmCacheHealthIndicator(CacheManager cacheManager, HealthSettings settings) {
		super("The llmcache health check failed");
		this.cacheManager = cacheManager;
		this.probe = new StatusProbe(cacheManager::status, settings.clock());
		this.settings = settings;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up().withDetail("backend", this.cacheManager.backend());
		CacheHealth health = this.cacheManager.health();
		StoreStatus status = this.probe.status();
		addStatus(builder, status);
		String failure = failure(health, status);
		if (failure != null) {
			builder.down().withDetail("failure", failure);
		}
		if (health.since() != null) {
			builder.withDetail("since", health.since());
		}
	}

	private void addStatus(Health.Builder builder, @Nullable StoreStatus status) {
		if (status == null) {
			return;
		}
		builder.withDetail("readable", status.readFailure() == null);
		if (this.settings.writes()) {
			builder.withDetail("writable", status.writeFailure() == null);
		}
		if (status.version() != null) {
			builder.withDetail("version", status.version());
		}
		if (status.freeBytes() != null) {
			builder.withDetail("free", status.freeBytes());
			if (this.settings.leastFreeBytes() > 0) {
				builder.withDetail("threshold", this.settings.leastFreeBytes());
			}
		}
	}

	/**
	 * What requests have met says more than what was tried on purpose.
	 */
	private @Nullable String failure(CacheHealth health, @Nullable StoreStatus status) {
		if (health.failure() != null || status == null) {
			return health.failure();
		}
		if (status.readFailure() != null || !this.settings.writes()) {
			return status.readFailure();
		}
		if (status.writeFailure() != null) {
			return status.writeFailure();
		}
		boolean full = status.freeBytes() != null && status.freeBytes() < this.settings.leastFreeBytes();
		return full ? "There is less space left than 'llmcache.health.disk-space-threshold'" : null;
	}

}
