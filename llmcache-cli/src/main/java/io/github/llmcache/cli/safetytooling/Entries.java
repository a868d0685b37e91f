package io.github.llmcache.cli.safetytooling;

import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireRequest;

/**
 * Makes entries as they are made of requests that are asked here.
 *
 * @param namespace the namespace of the entries
 * @param hasher computes the keys
 */
record Entries(String namespace, CacheKeyHasher hasher) {

	CacheEntry create(ProviderDefinition provider, String model, WireRequest wire, List<CachedResponse> responses) {
		if (wire.stateful()) {
			throw new UnmappableException("its answer depends on what the provider keeps, and is never cached");
		}
		CacheRequest request = new CacheRequest(this.namespace, provider.endpointIdentity(), wire.operation(), model,
				wire.body(), wire.messagesMember(), this.hasher);
		return new CacheEntry(request.key(), this.namespace, responses, null, RequestRecord.of(request));
	}

}
