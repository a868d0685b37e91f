package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.InferenceResponse;
import io.github.llmcache.Sample;
import io.github.llmcache.cache.CachedResponse;

/**
 * What a provider answered to a call.
 *
 * @param response the response for the caller
 * @param cached the response as it is stored
 * @param kept the samples that are counted there: those that are worth storing, or all if
 * none is
 * @param storable whether any of them is worth storing
 */
record CallAnswer(InferenceResponse response, CachedResponse cached, List<Sample> kept,
		boolean storable) implements TokenCount {

	@Override
	public long inputTokens() {
		return this.cached.inputTokens();
	}

	@Override
	public long outputTokens() {
		return this.cached.outputTokens();
	}

}
