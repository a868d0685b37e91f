package io.github.llmcache;

/**
 * No provider that can be used is configured for a request. The message names what is
 * configured and the property that is missing.
 */
public class UnknownProviderException extends InferenceException {

	private static final long serialVersionUID = 1L;

	public UnknownProviderException(String message) {
		super(message);
	}

}
