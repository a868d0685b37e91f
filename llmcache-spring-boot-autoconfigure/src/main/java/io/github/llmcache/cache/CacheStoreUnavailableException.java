package io.github.llmcache.cache;

import org.jspecify.annotations.Nullable;

/**
 * A store cannot be used at all, whatever for: its server does not answer, say.
 */
public class CacheStoreUnavailableException extends CacheStoreException {

	private static final long serialVersionUID = 1L;

	public CacheStoreUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
