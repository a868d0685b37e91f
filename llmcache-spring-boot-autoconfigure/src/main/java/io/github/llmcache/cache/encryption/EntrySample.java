package io.github.llmcache.cache.encryption;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at entries of a store until it knows with which key one was encrypted.
 */
final class EntrySample {

	private EntrySample() {
	}

	/**
	 * Return with which key some entry was encrypted.
	 * @param store the store
	 * @return the identifier, {@link WrittenWith#PLAIN}, or empty if there is no entry
	 */
	static String keyId(CacheStore store) {
		boolean[] some = new boolean[1];
		try {
			store.scan(null, (stored) -> {
				some[0] = true;
				String id = keyId(stored);
				if (id != null) {
					throw new Found(id);
				}
			});
			// Who can read no entry has to decide for himself what becomes of them
			return some[0] ? WrittenWith.PLAIN : "";
		}
		catch (Found ex) {
			return ex.id;
		}
	}

	private static @Nullable String keyId(StoredEntry stored) {
		try {
			return EntrySeal.keyId(stored.read());
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			return null;
		}
	}

	/**
	 * Ends a scan.
	 */
	private static final class Found extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final String id;

		private Found(String id) {
			super(id, null, false, false);
			this.id = id;
		}

	}

}
