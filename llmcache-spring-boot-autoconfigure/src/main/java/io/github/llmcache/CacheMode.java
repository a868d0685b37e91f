package io.github.llmcache;

/**
 * What requests use the cache for.
 */
public enum CacheMode {

	/** Answer from the cache if possible; ask the provider otherwise, and store. */
	READ_WRITE,

	/** Answer from the cache if possible; ask the provider otherwise, store nothing. */
	READ_ONLY,

	/** Ask the provider always, and store, replacing what is there. */
	REFRESH,

	/**
	 * Answer from the cache only: a miss is a {@link CacheMissException} that explains
	 * itself, and no provider is ever asked.
	 */
	REPLAY,

	/** Neither look up nor store: each request is a call of its own. */
	OFF

}
