package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.CacheControl;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.TextOperation;
import org.jspecify.annotations.Nullable;

/**
 * A request for the answers to texts on its way: who answers it, and how each text is
 * asked for.
 *
 * @param request describes the request, without what it says
 * @param model the model's id
 * @param provider the provider that answers it
 * @param operation how the texts are asked for
 * @param texts the texts
 * @param textsPerCall the most texts of one call, or {@code null}
 * @param cacheControl what the request asks of the cache, its mode included
 * @param namespace the namespace of its texts
 */
record TextCall(String request, String model, ProviderDefinition provider, TextOperation<?> operation,
		List<String> texts, @Nullable Integer textsPerCall, CacheControl cacheControl, String namespace) {
}
