package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * A request could not be answered. Messages never contain prompts, answers or API keys.
 */
public class InferenceException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public InferenceException(String message) {
		this(message, null);
	}

	public InferenceException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
