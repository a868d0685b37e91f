package io.github.llmcache.faults.processes;

import java.nio.charset.StandardCharsets;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheManager.EntryReader;

/**
 * Reads an entry as the body of its first response.
 */
final class BodyReader implements EntryReader<String> {

	@Override
	public Class<String> type() {
		return String.class;
	}

	@Override
	public String read(CacheEntry entry) {
		return new String(entry.responses().get(0).body(), StandardCharsets.UTF_8);
	}

}
