package io.github.llmcache.cache.sqlite;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of entries, with its payload as SQLite holds it: whatever the column
 * is declared to be, a damaged file may hold anything.
 */
record SqliteStoredEntry(EntryCodec codec, CacheKey key, @Nullable Object payload,
		@Nullable CompressionDictionary dictionary) implements StoredEntry {

	@Override
	public CacheEntry read() throws UnreadableEntryException {
		if (this.payload instanceof byte[] bytes) {
			return this.codec.decode(this.key, bytes, this.dictionary);
		}
		throw new UnreadableEntryException("The entry is damaged", null);
	}

	@Override
	public String toString() {
		return "SqliteStoredEntry[" + this.key + "]";
	}

}
