package io.github.llmcache.cli.safetytooling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cli.transfer.EntrySink;

/**
 * Stores entries, each with those that are there.
 */
final class StoringSink implements EntrySink {

	final Map<String, String> skipped = new LinkedHashMap<>();

	private final CacheStore store;

	StoringSink(CacheStore store) {
		this.store = store;
	}

	@Override
	public void entry(CacheEntry entry) {
		this.store.appendAll(List.of(entry));
	}

	@Override
	public void skipped(String where, String reason) {
		this.skipped.put(where, reason);
	}

}
