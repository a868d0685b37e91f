package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.InferenceResponse;
import io.github.llmcache.Sample;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.inference.CallObservation.CallResult;
import org.jspecify.annotations.Nullable;

/**
 * What a provider answered to a call.
 *
 * @param response the response for the caller
 * @param cached the response as it is stored
 * @param kept the samples that are counted there: those that are worth storing, or all if
 * none is
 * @param answeredBy the model that answered, as the provider calls it, or {@code null}
 * @param storable whether any of them is worth storing
 */
record CallAnswer(InferenceResponse response, CachedResponse cached, List<Sample> kept, @Nullable String answeredBy,
		boolean storable) implements TokenCount {

	@Override
	public long inputTokens() {
		return this.cached.inputTokens();
	}

	@Override
	public long outputTokens() {
		return this.cached.outputTokens();
	}

	@Override
	public CallResult result() {
		return new CallResult(this.response.usage(), this.answeredBy, this.response.requestId(),
				this.response.samples().stream().map(Sample::finishReason).toList());
	}

}
