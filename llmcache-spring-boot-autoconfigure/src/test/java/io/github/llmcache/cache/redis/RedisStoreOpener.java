package io.github.llmcache.cache.redis;

import java.util.List;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.StoreOpener;

/**
 * Opens a {@link RedisCacheStore} at the nodes that are its argument.
 */
public final class RedisStoreOpener implements StoreOpener {

	@Override
	public CacheStore open(List<String> arguments, EntryCodec codec) {
		return RedisFixture.of(arguments.get(0)).store(RedisFixture.PATIENT, codec);
	}

}
