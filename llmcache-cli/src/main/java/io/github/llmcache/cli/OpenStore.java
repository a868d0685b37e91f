package io.github.llmcache.cli;

import io.github.llmcache.cache.CacheStore;

/**
 * A store and what it needs.
 *
 * @param store the store
 * @param needs closes what the store needs, after it
 */
record OpenStore(CacheStore store, Runnable needs) implements AutoCloseable {

	@Override
	public void close() {
		try {
			this.store.close();
		}
		finally {
			this.needs.run();
		}
	}

}
