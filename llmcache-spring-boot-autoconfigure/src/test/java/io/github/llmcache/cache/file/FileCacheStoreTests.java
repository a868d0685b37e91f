package io.github.llmcache.cache.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreContractTests;
import io.github.llmcache.cache.StoreOpener;

/**
 * Tests for {@link FileCacheStore}.
 */
class FileCacheStoreTests extends CacheStoreContractTests {

	@Override
	protected CacheStore createStore() {
		return new FileStoreOpener().open(openerArguments(), this.codec);
	}

	@Override
	protected Class<? extends StoreOpener> opener() {
		return FileStoreOpener.class;
	}

	@Override
	protected List<String> openerArguments() {
		return List.of(directory().toString());
	}

	@Override
	protected void damage(CacheKey key) throws Exception {
		Files.writeString(file(key), "{\n  \"llmcache\": 1,\n  \"secret garbage");
	}

	private Path directory() {
		return this.temp.resolve("cache");
	}

	private Path file(CacheKey key) {
		return new EntryPaths(directory()).file(key);
	}

}
