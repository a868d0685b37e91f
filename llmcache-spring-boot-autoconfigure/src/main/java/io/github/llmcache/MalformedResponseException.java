package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * The provider's response is cut off, or is not what its protocol describes.
 */
public class MalformedResponseException extends ProviderException {

	private static final long serialVersionUID = 1L;

	public MalformedResponseException(ProviderError error, @Nullable Throwable cause) {
		super(error, cause);
	}

	@Override
	public boolean isRetryable() {
		return true;
	}

}
