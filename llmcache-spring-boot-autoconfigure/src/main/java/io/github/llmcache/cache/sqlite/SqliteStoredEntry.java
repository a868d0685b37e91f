package io.github.llmcache.cache.sqlite;

import java.time.Instant;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of entries, with its values as SQLite holds them: whatever the
 * columns are declared to be, a damaged file may hold anything.
 */
record SqliteStoredEntry(EntryCodec codec, CacheKey key, @Nullable Object namespace, @Nullable Object expiresAt,
		@Nullable Object payload, @Nullable CompressionDictionary dictionary) implements StoredEntry {

	@Override
	public CacheEntry read() throws UnreadableEntryException {
		if (!(this.payload instanceof byte[] payload) || !(this.namespace instanceof String namespace)
				|| !(this.expiresAt == null || this.expiresAt instanceof Number)) {
			throw new UnreadableEntryException("The entry is damaged", null);
		}
		try {
			return new CacheEntry(this.key, StoredText.decode(namespace), this.codec.decode(payload, this.dictionary),
					(this.expiresAt instanceof Number millis) ? Instant.ofEpochMilli(millis.longValue()) : null, null);
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableEntryException("The entry is damaged", ex);
		}
	}

	@Override
	public String toString() {
		return "SqliteStoredEntry[" + this.key + "]";
	}

}
