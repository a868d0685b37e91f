package io.github.llmcache.inference;

import io.github.llmcache.InferenceResponse;
import io.github.llmcache.cache.CachedResponse;

/**
 * What a provider answered to a call.
 *
 * @param response the response for the caller
 * @param cached the response as it is stored
 * @param storable whether it is worth storing
 */
record CallAnswer(InferenceResponse response, CachedResponse cached, boolean storable) implements TokenCount {

	@Override
	public long inputTokens() {
		return this.cached.inputTokens();
	}

	@Override
	public long outputTokens() {
		return this.cached.outputTokens();
	}

}
