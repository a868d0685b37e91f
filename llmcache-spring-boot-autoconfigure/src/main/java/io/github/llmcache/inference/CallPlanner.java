package io.github.llmcache.inference;

import io.github.llmcache.CacheControl;
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

	private final CacheDefaults defaults;

	private final CacheKeyHasher hasher = new CacheKeyHasher();

	CallPlanner(ProviderRouter router, CacheDefaults defaults) {
		this.router = router;
		this.defaults = defaults;
	}

	InferenceCall plan(InferenceRequest request) {
		ProviderDefinition provider = this.router.route(request.model(), request.provider());
		WireRequest wire = provider.protocol().write(request, provider);
		CacheControl cacheControl = cacheControl(request, wire);
		CacheRequest cacheRequest = new CacheRequest(this.defaults.namespace(cacheControl), provider.endpointIdentity(),
				wire.operation(), request.model(), wire.body(), wire.messagesMember(), this.hasher);
		computeKey(cacheRequest, provider);
		return new InferenceCall(request, provider, wire, cacheRequest, cacheControl);
	}

	/**
	 * Find out what is asked of the cache: nothing for a stateful request, whatever it
	 * says.
	 */
	private CacheControl cacheControl(InferenceRequest request, WireRequest wire) {
		CacheControl cacheControl = this.defaults.resolve(request.model(), request, request.cacheControl());
		if (!wire.stateful()) {
			return cacheControl;
		}
		if (cacheControl.onlyIfCached()) {
			throw Misses.impossible(request.toString(), request.model());
		}
		return cacheControl.withNoCache().withNoStore();
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
