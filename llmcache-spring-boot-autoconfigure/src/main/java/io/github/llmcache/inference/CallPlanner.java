package io.github.llmcache.inference;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.WireRequest;

/**
 * Finds out how a request is sent and under which key it is kept, without asking anybody.
 */
final class CallPlanner {

	private final ProviderRouter router;

	private final String defaultNamespace;

	CallPlanner(ProviderRouter router, String defaultNamespace) {
		this.router = router;
		this.defaultNamespace = defaultNamespace;
	}

	InferenceCall plan(InferenceRequest request) {
		ProviderDefinition provider = this.router.route(request.model(), request.provider());
		WireRequest wire = provider.protocol().write(request, provider);
		String namespace = request.cacheControl().namespace();
		CacheRequest cacheRequest = new CacheRequest((namespace != null) ? namespace : this.defaultNamespace,
				provider.endpointIdentity(), wire.operation(), request.model(), wire.body(), wire.messagesMember());
		return new InferenceCall(request, provider, wire, cacheRequest);
	}

}
