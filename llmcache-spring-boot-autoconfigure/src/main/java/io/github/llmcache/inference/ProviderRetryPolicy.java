package io.github.llmcache.inference;

import java.time.Duration;
import java.util.Optional;

import io.github.llmcache.ProviderException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Tries a call again if it can succeed later: with exponential backoff and jitter, and
 * not before the time that the provider asks for. For one call by one thread.
 */
final class ProviderRetryPolicy implements RetryPolicy {

	private final RetrySettings settings;

	private Optional<Duration> retryAfter = Optional.empty();

	ProviderRetryPolicy(RetrySettings settings) {
		this.settings = settings;
	}

	@Override
	public boolean shouldRetry(Throwable failure) {
		if (!(failure instanceof ProviderException exception) || !exception.isRetryable()) {
			return false;
		}
		this.retryAfter = exception.getRetryAfter();
		return this.retryAfter.map((time) -> time.compareTo(this.settings.maxRetryAfter()) <= 0).orElse(true);
	}

	@Override
	public BackOff getBackOff() {
		ExponentialBackOff exponential = new ExponentialBackOff();
		exponential.setInitialInterval(this.settings.initialInterval().toMillis());
		exponential.setJitter(this.settings.initialInterval().toMillis() / 2);
		exponential.setMultiplier(this.settings.multiplier());
		exponential.setMaxInterval(this.settings.maxInterval().toMillis());
		exponential.setMaxAttempts(this.settings.maxAttempts() - 1L);
		return () -> {
			BackOffExecution execution = exponential.start();
			return () -> atLeastRetryAfter(execution.nextBackOff());
		};
	}

	private long atLeastRetryAfter(long interval) {
		if (interval == BackOffExecution.STOP) {
			return interval;
		}
		return Math.max(interval, this.retryAfter.map(Duration::toMillis).orElse(0L));
	}

}
