package io.github.llmcache.cache.sqlite;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * A row with all that it holds, key and request included, as SQLite holds it.
 */
record ScannedEntry(EntryCodec codec, String model, long fingerprint, @Nullable Object key, @Nullable Object payload,
		@Nullable Object request, @Nullable Object hashes,
		@Nullable CompressionDictionary dictionary) implements StoredEntry {

	@Override
	public CacheEntry read() throws UnreadableEntryException {
		if (!(this.key instanceof byte[] hash) || hash.length != CacheKey.LENGTH) {
			throw new UnreadableEntryException("The key of the entry is damaged", null);
		}
		CacheEntry entry = new SqliteStoredEntry(this.codec, CacheKey.of(this.model, this.fingerprint, hash),
				this.payload, this.dictionary)
			.read();
		return new CacheEntry(entry.key(), entry.namespace(), entry.responses(), entry.expiresAt(), readRequest());
	}

	/**
	 * Return this row without what was asked.
	 */
	ScannedEntry withoutRequest() {
		return new ScannedEntry(this.codec, this.model, this.fingerprint, this.key, this.payload, null, null,
				this.dictionary);
	}

	private @Nullable RequestRecord readRequest() throws UnreadableEntryException {
		if (this.request == null) {
			return null;
		}
		if (!(this.request instanceof byte[] frame) || !(this.hashes instanceof byte[] stored)) {
			throw new UnreadableEntryException("The request of the entry is damaged", null);
		}
		try {
			return new RequestRecord(StoredHashes.decode(stored), this.codec.decompress(frame, this.dictionary));
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableEntryException("The request of the entry is damaged", ex);
		}
	}

	@Override
	public String toString() {
		return "ScannedEntry[" + this.model + "]";
	}

}
