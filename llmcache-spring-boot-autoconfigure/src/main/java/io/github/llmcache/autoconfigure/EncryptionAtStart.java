package io.github.llmcache.autoconfigure;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.SharedCacheStore;
import io.github.llmcache.cache.encryption.EncryptionMismatchException;
import io.github.llmcache.cache.encryption.StoreEncryption;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Lets an application not start with a key that is not the cache's: it would find
 * nothing, and pay for all of it again.
 */
final class EncryptionAtStart {

	private static final Log logger = LogFactory.getLog(EncryptionAtStart.class);

	private EncryptionAtStart() {
	}

	/**
	 * Return the store to use instead of another one.
	 * @param store the store
	 * @param encryption what is put over it
	 * @return the store to use
	 * @throws LlmCacheConfigurationException if what is there is encrypted with another
	 * key, or only one of both is encrypted
	 */
	static CacheStore over(CacheStore store, StoreEncryption encryption) {
		// Nobody without a key waits for a server when an application starts
		if (encryption.isOn() || !(store instanceof SharedCacheStore)) {
			try {
				encryption.check(store);
			}
			catch (EncryptionMismatchException ex) {
				throw new LlmCacheConfigurationException(ex.description(), ex.action());
			}
			catch (CacheStoreException ex) {
				logger.warn("It is not known yet with which key the " + store.name()
						+ " cache is encrypted, and it is not used until it is: " + ex.getMessage());
			}
		}
		return encryption.over(store);
	}

}
