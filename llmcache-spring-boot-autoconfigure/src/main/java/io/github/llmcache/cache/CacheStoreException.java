package io.github.llmcache.cache;

import org.jspecify.annotations.Nullable;

/**
 * A store has failed. The message names the place and says what to do, and contains
 * nothing of what is stored.
 */
public class CacheStoreException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public CacheStoreException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
