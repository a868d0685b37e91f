package io.github.llmcache.cache;

import org.jspecify.annotations.Nullable;

/**
 * The failures of one call, which go on with the other entries. Used by one thread.
 */
public final class StoreFailures {

	private @Nullable CacheStoreException first;

	/**
	 * Take note of a failure.
	 * @param exception the failure
	 */
	public void add(CacheStoreException exception) {
		if (this.first == null) {
			this.first = exception;
		}
		else if (this.first != exception) {
			this.first.addSuppressed(exception);
		}
	}

	/**
	 * Throw the first failure, with the others suppressed in it.
	 * @throws CacheStoreException if there was a failure
	 */
	public void throwFirst() {
		if (this.first != null) {
			throw this.first;
		}
	}

}
