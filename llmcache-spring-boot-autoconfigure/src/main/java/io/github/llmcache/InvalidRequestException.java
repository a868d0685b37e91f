package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * The provider, or its mapping, does not accept the request as it is.
 */
public class InvalidRequestException extends ProviderException {

	private static final long serialVersionUID = 1L;

	public InvalidRequestException(ProviderError error, @Nullable Throwable cause) {
		super(error, cause);
	}

}
