package io.github.llmcache.cache.encryption;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.StoreMark;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a cache may be used with the configured keys, or without any: its
 * {@link StoreMark} says with which it was written. Thread-safe.
 */
final class StoreCheck {

	private static final int MAX_ATTEMPTS = 100;

	private final CacheStore store;

	private final @Nullable EncryptionKeys keys;

	StoreCheck(CacheStore store, @Nullable EncryptionKeys keys) {
		this.store = store;
		this.keys = keys;
	}

	/**
	 * Make sure that the cache may be used. An empty one, and one whose keys are being
	 * changed, is marked with the current key.
	 * @return with what the cache was written
	 * @throws EncryptionMismatchException if it may not be used
	 * @throws io.github.llmcache.cache.CacheStoreException if that cannot be found out
	 */
	WrittenWith check() {
		StoreMark mark = this.store.mark();
		if (mark == null) {
			return unmarkable();
		}
		for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			byte[] bytes = mark.read();
			WrittenWith written = WrittenWith.parse(bytes);
			WrittenWith now = check(written);
			if (now.equals(written) || mark.replace(bytes, now.toBytes())) {
				return now;
			}
		}
		throw new EncryptionMismatchException("What says with which key the cache is encrypted changes all the time.",
				"Find out who else uses the cache.");
	}

	private WrittenWith unmarkable() {
		if (this.keys == null) {
			return WrittenWith.NOTHING;
		}
		throw new EncryptionMismatchException("The store '" + this.store.name() + "' cannot be encrypted.",
				"Remove 'llmcache.encryption.key', or let the store implement CacheStore.mark().");
	}

	private WrittenWith check(WrittenWith written) {
		EncryptionKeys keys = this.keys;
		if (keys == null) {
			if (!written.isPlain()) {
				throw new EncryptionMismatchException(
						"The cache is encrypted with the key " + written + ", and no key is configured.",
						"Set 'llmcache.encryption.key' (LLMCACHE_ENCRYPTION_KEY, --key-file) to that key, or use "
								+ "another directory or key prefix. Nothing was read, written or deleted.");
			}
			return written;
		}
		String current = keys.current().id();
		if (written.ids().isEmpty()) {
			return checkUnmarked(current);
		}
		if (written.isPlain()) {
			throw new EncryptionMismatchException(
					"The cache is being decrypted: 'llmcache reencrypt' has not finished, and the key " + current
							+ " is configured.",
					"Run 'llmcache reencrypt' with the keys of that cache to its end. Nothing was read, written or "
							+ "deleted.");
		}
		if (keys.all().stream().map(EncryptionKey::id).noneMatch(written.ids()::contains)) {
			throw new EncryptionMismatchException(
					"The cache is encrypted with the key " + written + ", and the configured key is " + current + ".",
					"Configure the key of the cache, or change it with 'llmcache reencrypt'. Nothing was read, "
							+ "written or deleted.");
		}
		return written.ids().contains(current) ? written : written.first(current);
	}

	/**
	 * A cache that has no mark is empty, not encrypted, or was copied without its mark.
	 */
	private WrittenWith checkUnmarked(String current) {
		String id = EntrySample.keyId(this.store);
		if (id.isEmpty()) {
			return WrittenWith.NOTHING.first(current);
		}
		if (this.keys != null && this.keys.all().stream().map(EncryptionKey::id).anyMatch(id::equals)) {
			return WrittenWith.NOTHING.first(id).first(current);
		}
		if (!id.equals(WrittenWith.PLAIN)) {
			throw new EncryptionMismatchException(
					"The cache is encrypted with the key " + id + ", and the configured key is " + current + ".",
					"Configure the key of the cache, or change it with 'llmcache reencrypt'. Nothing was read, "
							+ "written or deleted.");
		}
		throw new EncryptionMismatchException(
				"The cache holds entries that are not encrypted, and the key " + current + " is configured.",
				"Encrypt them with 'llmcache reencrypt' while no application uses the cache, or use another directory "
						+ "or key prefix. Nothing was read, written or deleted.");
	}

}
