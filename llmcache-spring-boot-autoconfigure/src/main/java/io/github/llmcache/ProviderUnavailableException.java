package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * The provider could not be reached, or failed on its side.
 */
public class ProviderUnavailableException extends ProviderException {

	private static final long serialVersionUID = 1L;

	public ProviderUnavailableException(ProviderError error, @Nullable Throwable cause) {
		super(error, cause);
	}

	@Override
	public boolean isRetryable() {
		return true;
	}

}
