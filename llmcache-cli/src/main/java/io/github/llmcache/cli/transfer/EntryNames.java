package io.github.llmcache.cli.transfer;

import io.github.llmcache.cache.CacheKey;

/**
 * Says which entry is meant, to somebody who wants to look at it.
 */
final class EntryNames {

	/** Enough to find it, and no line of its own. */
	private static final int DIGITS = 16;

	private EntryNames() {
	}

	static String of(CacheKey key) {
		return "key " + key.hex().substring(0, DIGITS);
	}

}
