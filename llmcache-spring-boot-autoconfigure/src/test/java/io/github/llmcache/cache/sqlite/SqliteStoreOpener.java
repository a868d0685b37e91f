package io.github.llmcache.cache.sqlite;

import java.nio.file.Path;
import java.util.List;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.StoreOpener;

/**
 * Opens a {@link SqliteCacheStore} in the directory that is its argument.
 */
public final class SqliteStoreOpener implements StoreOpener {

	@Override
	public CacheStore open(List<String> arguments, EntryCodec codec) {
		return new SqliteCacheStore(SqliteSettings.of(Path.of(arguments.get(0))), codec);
	}

}
