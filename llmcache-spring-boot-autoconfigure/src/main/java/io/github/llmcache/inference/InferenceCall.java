package io.github.llmcache.inference;

import io.github.llmcache.CacheControl;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way: who answers it, in what form it is sent, and under which key its
 * answer is kept.
 *
 * @param request the request
 * @param provider the provider that answers it
 * @param wire the request in the provider's form
 * @param cacheRequest the request as the cache sees it
 */
record InferenceCall(InferenceRequest request, ProviderDefinition provider, WireRequest wire,
		CacheRequest cacheRequest) {

	/**
	 * Return what is asked of the cache: nothing for a stateful request, whatever it
	 * says.
	 */
	CacheControl cacheControl() {
		CacheControl cacheControl = this.request.cacheControl();
		return this.wire.stateful() ? cacheControl.withNoCache().withNoStore() : cacheControl;
	}

	CacheLookup lookup() {
		return new CacheLookup(this.cacheRequest, cacheControl().maxAge());
	}

	Identity identity() {
		CacheControl cacheControl = cacheControl();
		return new Identity(this.cacheRequest.key(), cacheControl.noCache(), cacheControl.noStore(),
				cacheControl.onlyIfCached(), this.wire.stateful() ? this.cacheRequest : null);
	}

	@Override
	public String toString() {
		return this.request.toString();
	}

	/**
	 * What makes two calls one: the same question, and the same demands on its answer.
	 * The oldest age to accept is none of them, for an answer that is asked for now is
	 * new.
	 *
	 * @param key the key, which the namespace is a part of
	 * @param noCache whether the provider has to be asked
	 * @param noStore whether the answer is not to be stored
	 * @param onlyIfCached whether the provider must not be asked
	 * @param alone the stateful request, which equals nothing but itself and so keeps its
	 * call apart from all others, or {@code null}
	 */
	record Identity(CacheKey key, boolean noCache, boolean noStore, boolean onlyIfCached,
			@Nullable CacheRequest alone) {
	}

}
