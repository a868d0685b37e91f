package io.github.llmcache.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * {@link RuntimeHintsRegistrar} of the resources that llmcache reads.
 */
class LlmCacheRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources().registerPattern("io/github/llmcache/cache/sqlite/migration/*.sql");
		hints.resources().registerPattern("io/github/llmcache/pricing/prices.json");
		hints.resources().registerPattern("io/github/llmcache/ui/*");
	}

}
