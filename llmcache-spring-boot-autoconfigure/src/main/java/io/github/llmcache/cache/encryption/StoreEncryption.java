package io.github.llmcache.cache.encryption;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Puts encryption over stores, or over a store that is not encrypted what keeps it from
 * being mixed with one that is. Thread-safe.
 */
public final class StoreEncryption {

	private final Map<CacheStore, GuardedStore> stores = new ConcurrentHashMap<>();

	private final @Nullable EncryptionKeys keys;

	private final long maxEntrySize;

	private final InstantSource clock;

	/**
	 * Create an instance.
	 * @param keys the keys, or {@code null} to encrypt nothing
	 * @param maxEntrySize the most bytes that the bodies of an entry may have
	 * @param clock the time
	 */
	public StoreEncryption(@Nullable EncryptionKeys keys, long maxEntrySize, InstantSource clock) {
		this.keys = keys;
		this.maxEntrySize = maxEntrySize;
		this.clock = clock;
	}

	/**
	 * Return the store to use instead of another one. Its first use makes sure that what
	 * is there is encrypted with the same keys; while that is not so or not known, each
	 * use fails.
	 * @param store the store, which is closed with the returned one
	 * @return the store to use, the same for the same store
	 */
	public CacheStore over(CacheStore store) {
		return guarded(store);
	}

	/**
	 * Make sure now that what is there is encrypted with the same keys.
	 * @param store the store
	 * @throws EncryptionMismatchException if it is not
	 * @throws CacheStoreException if that cannot be found out
	 */
	public void check(CacheStore store) {
		guarded(store).check();
	}

	/**
	 * Return whether anything is encrypted.
	 * @return whether there are keys
	 */
	public boolean isOn() {
		return this.keys != null;
	}

	private GuardedStore guarded(CacheStore store) {
		return this.stores.computeIfAbsent(store, this::create);
	}

	private GuardedStore create(CacheStore store) {
		return (this.keys != null)
				? new EncryptedCacheStore(store, this.keys, this.maxEntrySize, this.clock, new SecureRandom())
				: new GuardedStore(store, null, this.clock);
	}

}
