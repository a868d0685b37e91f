package io.github.llmcache;

/**
 * A request that only the cache was to answer is not in the cache.
 */
public class CacheMissException extends InferenceException {

	private static final long serialVersionUID = 1L;

	public CacheMissException(String message) {
		super(message);
	}

}
