package io.github.llmcache.cache.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreContractTests;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.encryption.EncryptedStoreOpener;
import io.github.llmcache.cache.encryption.EncryptedStores;

/**
 * Tests for {@link FileCacheStore} below encryption.
 */
class EncryptedFileStoreTests extends CacheStoreContractTests {

	@Override
	protected CacheStore createStore() {
		return EncryptedStores.over(new FileStoreOpener().open(List.of(directory().toString()), this.codec));
	}

	@Override
	protected Class<? extends StoreOpener> opener() {
		return EncryptedStoreOpener.class;
	}

	@Override
	protected List<String> openerArguments() {
		return List.of(FileStoreOpener.class.getName(), directory().toString());
	}

	@Override
	protected void damage(CacheKey key) throws Exception {
		Files.writeString(new EntryPaths(directory()).file(EncryptedStores.stored(key)), "{\n  \"llmcache\": 1,\n");
	}

	private Path directory() {
		return this.temp.resolve("cache");
	}

}
