package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * The provider does not accept the key, or the key may not do this.
 */
public class AuthenticationException extends ProviderException {

	private static final long serialVersionUID = 1L;

	public AuthenticationException(ProviderError error, @Nullable Throwable cause) {
		super(error, cause);
	}

}
