package io.github.llmcache.cache.file;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.StoreOpener;

/**
 * Opens a {@link FileCacheStore} in the directory that is its argument.
 */
public final class FileStoreOpener implements StoreOpener {

	@Override
	public CacheStore open(List<String> arguments, EntryCodec codec) {
		return new FileCacheStore(new FileSettings(Path.of(arguments.get(0)), codec.maxEntrySize(), true),
				Clock.systemUTC());
	}

}
