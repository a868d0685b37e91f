package io.github.llmcache.inference;

import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.ProviderError;
import io.github.llmcache.cache.CacheKeyHasher;
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

	private final CacheKeyHasher hasher = new CacheKeyHasher();

	CallPlanner(ProviderRouter router, String defaultNamespace) {
		this.router = router;
		this.defaultNamespace = defaultNamespace;
	}

	InferenceCall plan(InferenceRequest request) {
		ProviderDefinition provider = this.router.route(request.model(), request.provider());
		WireRequest wire = provider.protocol().write(request, provider);
		if (wire.stateful() && request.cacheControl().onlyIfCached()) {
			throw new CacheMissException("There can be no entry for " + request
					+ ", because its answer depends on what the provider keeps, and only the cache was to be asked");
		}
		String namespace = request.cacheControl().namespace();
		CacheRequest cacheRequest = new CacheRequest((namespace != null) ? namespace : this.defaultNamespace,
				provider.endpointIdentity(), wire.operation(), request.model(), wire.body(), wire.messagesMember(),
				this.hasher);
		computeKey(cacheRequest, provider);
		return new InferenceCall(request, provider, wire, cacheRequest);
	}

	/**
	 * Compute the key here, where a request that has none is one request's failure, and
	 * not later among many of them.
	 */
	static void computeKey(CacheRequest cacheRequest, ProviderDefinition provider) {
		try {
			cacheRequest.key().fingerprint();
		}
		catch (ArithmeticException ex) {
			throw new InvalidRequestException(
					ProviderError.of(provider.name(), "the request holds a number whose exponent is out of range"), ex);
		}
	}

}
