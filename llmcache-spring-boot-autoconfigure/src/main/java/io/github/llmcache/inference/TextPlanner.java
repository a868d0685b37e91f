package io.github.llmcache.inference;

import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.provider.EmbeddingProtocol;
import io.github.llmcache.provider.ModerationProtocol;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.WireRequest;

/**
 * Finds out how texts are asked for and under which keys their answers are kept, without
 * asking anybody.
 */
final class TextPlanner {

	private final ProviderRouter router;

	private final CacheDefaults defaults;

	private final CacheKeyHasher hasher = new CacheKeyHasher();

	TextPlanner(ProviderRouter router, CacheDefaults defaults) {
		this.router = router;
		this.defaults = defaults;
	}

	TextCall plan(EmbeddingRequest request) {
		ProviderDefinition provider = this.router.route(request.model(), request.provider());
		if (!(provider.protocol() instanceof EmbeddingProtocol protocol)) {
			throw ProviderErrors.invalidRequest(provider,
					"protocol '" + provider.protocol().name() + "' has no embeddings");
		}
		return new TextCall(request.toString(), request.model(), provider, protocol.embeddings(request, provider),
				request.texts(), request.textsPerCall(),
				this.defaults.resolve(request.model(), request, request.cacheControl()),
				this.defaults.namespace(request.cacheControl()));
	}

	TextCall plan(ModerationRequest request) {
		ProviderDefinition provider = this.router.route(request.model(), request.provider());
		if (!(provider.protocol() instanceof ModerationProtocol protocol)) {
			throw ProviderErrors.invalidRequest(provider,
					"protocol '" + provider.protocol().name() + "' has no moderation");
		}
		return new TextCall(request.toString(), request.model(), provider, protocol.moderations(request, provider),
				request.texts(), request.textsPerCall(),
				this.defaults.resolve(request.model(), request, request.cacheControl()),
				this.defaults.namespace(request.cacheControl()));
	}

	/**
	 * Return one text as the cache sees it.
	 * @param call the call
	 * @param text the text
	 * @return the request for this text alone
	 */
	CacheRequest cacheRequest(TextCall call, String text) {
		WireRequest wire = call.operation().write(text);
		CacheRequest request = new CacheRequest(call.namespace(), call.provider().endpointIdentity(), wire.operation(),
				call.model(), wire.body(), wire.messagesMember(), this.hasher);
		CallPlanner.computeKey(request, call.provider());
		return request;
	}

}
