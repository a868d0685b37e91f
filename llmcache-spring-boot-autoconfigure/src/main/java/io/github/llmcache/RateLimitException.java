package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * The provider allows no more requests for the moment.
 */
public class RateLimitException extends ProviderException {

	private static final long serialVersionUID = 1L;

	public RateLimitException(ProviderError error, @Nullable Throwable cause) {
		super(error, cause);
	}

	@Override
	public boolean isRetryable() {
		return true;
	}

}
