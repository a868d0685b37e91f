package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How a {@link RedisCacheStore} works.
 *
 * @param keyPrefix what all keys and the channel begin with; has no braces, which would
 * decide where keys are in a cluster
 * @param timeToLive how long an entry is kept after it was last written, or {@code null}
 * for ever
 * @param commandTimeout how long to wait for an answer of Redis
 * @param leaseTime how long a process that has died keeps others from making the calls
 * that it was making
 * @param storeRequests whether requests are kept beside their answers
 */
public record RedisSettings(String keyPrefix, @Nullable Duration timeToLive, Duration commandTimeout,
		Duration leaseTime, boolean storeRequests) {

	/** The prefix of keys unless another one is chosen. */
	public static final String DEFAULT_KEY_PREFIX = "llmcache:";

	public RedisSettings {
		Objects.requireNonNull(keyPrefix, "'keyPrefix' must not be null");
		if (keyPrefix.indexOf('{') >= 0 || keyPrefix.indexOf('}') >= 0) {
			throw new IllegalArgumentException("'keyPrefix' must not contain braces");
		}
		requirePositive("timeToLive", timeToLive);
		requirePositive("commandTimeout", commandTimeout);
		requirePositive("leaseTime", leaseTime);
	}

	private static void requirePositive(String name, @Nullable Duration duration) {
		if (duration != null && duration.toMillis() < 1) {
			throw new IllegalArgumentException("'" + name + "' must be at least a millisecond");
		}
	}

	/**
	 * Return the settings by default.
	 * @return the settings
	 */
	public static RedisSettings defaults() {
		return new RedisSettings(DEFAULT_KEY_PREFIX, null, Duration.ofMillis(500), Duration.ofSeconds(10), true);
	}

}
