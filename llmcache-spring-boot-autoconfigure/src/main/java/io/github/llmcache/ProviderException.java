package io.github.llmcache;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A provider did not answer a request. Subclasses tell why.
 * <p>
 * The message holds what is safe to log: the provider, the status, the provider's error
 * type and code, and its request id. The provider's own words are kept apart in
 * {@link #getProviderMessage()} because they may quote the prompt.
 */
public class ProviderException extends InferenceException {

	private static final long serialVersionUID = 1L;

	private final ProviderError error;

	public ProviderException(ProviderError error, @Nullable Throwable cause) {
		super(error.describe(), cause);
		this.error = error;
	}

	/**
	 * Return what is known of the error.
	 * @return the error
	 */
	public ProviderError getError() {
		return this.error;
	}

	/**
	 * Return the configured name of the provider.
	 * @return the name
	 */
	public String getProvider() {
		return this.error.provider();
	}

	/**
	 * Return the status of the HTTP response.
	 * @return the status, or empty if there was no response
	 */
	public Optional<Integer> getStatus() {
		return Optional.ofNullable(this.error.status());
	}

	/**
	 * Return the provider's identifier of the call, which its support asks for.
	 * @return the identifier, or empty if there was none
	 */
	public Optional<String> getRequestId() {
		return Optional.ofNullable(this.error.requestId());
	}

	/**
	 * Return how long the provider asks to wait before the next attempt.
	 * @return the time, or empty if it did not say
	 */
	public Optional<Duration> getRetryAfter() {
		return Optional.ofNullable(this.error.retryAfter());
	}

	/**
	 * Return the provider's own words, which may quote the prompt. Not to be logged.
	 * @return the words, or empty if there were none
	 */
	public Optional<String> getProviderMessage() {
		return Optional.ofNullable(this.error.message());
	}

	/**
	 * Return whether the same request can succeed later.
	 * @return whether it makes sense to try again
	 */
	public boolean isRetryable() {
		return false;
	}

}
