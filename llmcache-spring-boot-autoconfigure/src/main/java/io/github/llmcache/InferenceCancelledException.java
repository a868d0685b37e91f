package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * A call was cancelled, or its thread was interrupted.
 */
public class InferenceCancelledException extends InferenceException {

	private static final long serialVersionUID = 1L;

	public InferenceCancelledException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
