package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * The provider has too much to do.
 */
public class OverloadedException extends ProviderException {

	private static final long serialVersionUID = 1L;

	public OverloadedException(ProviderError error, @Nullable Throwable cause) {
		super(error, cause);
	}

	@Override
	public boolean isRetryable() {
		return true;
	}

}
