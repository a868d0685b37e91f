package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * The account at the provider has no credit left; waiting does not help.
 */
public class QuotaExceededException extends ProviderException {

	private static final long serialVersionUID = 1L;

	public QuotaExceededException(ProviderError error, @Nullable Throwable cause) {
		super(error, cause);
	}

}
