package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * The provider did not answer within the configured timeout.
 */
public class ProviderTimeoutException extends ProviderException {

	private static final long serialVersionUID = 1L;

	public ProviderTimeoutException(ProviderError error, @Nullable Throwable cause) {
		super(error, cause);
	}

	@Override
	public boolean isRetryable() {
		return true;
	}

}
