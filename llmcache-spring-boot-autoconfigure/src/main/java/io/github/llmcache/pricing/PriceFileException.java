package io.github.llmcache.pricing;

import org.jspecify.annotations.Nullable;

/**
 * A file of prices cannot be used.
 */
public class PriceFileException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	public PriceFileException(String message) {
		this(message, null);
	}

	public PriceFileException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
