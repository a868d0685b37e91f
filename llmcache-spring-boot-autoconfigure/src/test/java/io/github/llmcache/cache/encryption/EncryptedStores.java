package io.github.llmcache.cache.encryption;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;

/**
 * Stores that are encrypted, for tests.
 */
public final class EncryptedStores {

	/** As a current key and one before it. */
	public static final EncryptionKey KEY = key(1);

	private EncryptedStores() {
	}

	/**
	 * Return one of many keys.
	 * @param number which
	 */
	public static EncryptionKey key(int number) {
		byte[] bytes = new byte[EncryptionKey.LENGTH];
		Arrays.fill(bytes, (byte) number);
		bytes[0] = (byte) 0xFF;
		return EncryptionKey.of(bytes);
	}

	/**
	 * Return a store over another one.
	 */
	public static CacheStore over(CacheStore store, EncryptionKeys keys, long maxEntrySize) {
		return new EncryptedCacheStore(store, keys, maxEntrySize, Clock.systemUTC(), new SecureRandom());
	}

	/**
	 * Return a store over another one.
	 */
	public static CacheStore over(CacheStore store) {
		return over(store, EncryptionKeys.of(KEY), 32 * 1024 * 1024);
	}

	/**
	 * Return under what an entry is stored.
	 */
	public static CacheKey stored(CacheKey key) {
		return new KeyPermutation(KEY).stored(key);
	}

}
