package io.github.llmcache.inference;

import java.time.Duration;

/**
 * How calls of providers are tried again.
 *
 * @param maxAttempts the most attempts, including the first
 * @param initialInterval the time before the second attempt
 * @param multiplier by what the time grows with each further attempt
 * @param maxInterval the longest time between attempts that llmcache chooses
 * @param maxRetryAfter the longest time to wait because a provider asks for it; if it
 * asks for more, the call fails at once
 */
public record RetrySettings(int maxAttempts, Duration initialInterval, double multiplier, Duration maxInterval,
		Duration maxRetryAfter) {
}
