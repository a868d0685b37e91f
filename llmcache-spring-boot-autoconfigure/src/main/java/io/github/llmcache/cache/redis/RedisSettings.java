package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link RedisCacheStore} works.
 *
 * @param keyPrefix what all keys and the channel begin with; has no braces, which would
 * decide where keys are in a cluster
 * @param commandTimeout how long to wait for an answer of Redis
 * @param leaseTime how long a process that has died keeps others from making the calls
 * that it was making
 * @param storeRequests whether requests are kept beside their answers
 */
public record RedisSettings(String keyPrefix, Duration commandTimeout, Duration leaseTime, boolean storeRequests) {

	/** The prefix of keys unless another one is chosen. */
	public static final String DEFAULT_KEY_PREFIX = "llmcache:";

	public RedisSettings {
		Objects.requireNonNull(keyPrefix, "'keyPrefix' must not be null");
		if (keyPrefix.indexOf('{') >= 0 || keyPrefix.indexOf('}') >= 0) {
			throw new IllegalArgumentException("'keyPrefix' must not contain braces");
		}
		requirePositive("commandTimeout", commandTimeout);
		requirePositive("leaseTime", leaseTime);
	}

	private static void requirePositive(String name, Duration duration) {
		if (duration.toMillis() < 1) {
			throw new IllegalArgumentException("'" + name + "' must be at least a millisecond");
		}
	}

	/**
	 * Return the settings by default.
	 * @return the settings
	 */
	public static RedisSettings defaults() {
		return new RedisSettings(DEFAULT_KEY_PREFIX, Duration.ofMillis(500), Duration.ofSeconds(10), true);
	}

}
