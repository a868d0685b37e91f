package io.github.llmcache.inference;

import java.util.function.Supplier;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.provider.ProviderDefinition;

import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryTemplate;

/**
 * Tries again what a provider has not done but can do later. Thread-safe.
 *
 * @param settings how often and when
 */
record ProviderRetries(RetrySettings settings) {

	/**
	 * Try until it succeeds, or it makes no sense any more.
	 * @param <T> the type of the result
	 * @param provider the provider that is asked
	 * @param attempt asks it once
	 * @return the result
	 * @throws InferenceCancelledException if the thread was interrupted
	 */
	<T> T execute(ProviderDefinition provider, Supplier<T> attempt) {
		try {
			return new RetryTemplate(new ProviderRetryPolicy(this.settings)).<T>execute(attempt::get);
		}
		catch (RetryException ex) {
			if (Thread.currentThread().isInterrupted()) {
				throw new InferenceCancelledException("Interrupted while asking provider '" + provider.name() + "'",
						ex.getCause());
			}
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			if (ex.getCause() instanceof Error cause) {
				throw cause;
			}
			throw new IllegalStateException(ex.getCause());
		}
	}

}
