package io.github.llmcache.inference;

import java.util.function.Function;

import io.github.llmcache.InferenceParameters;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireRequest;
import io.github.llmcache.provider.WireResponse;

/**
 * A call of a provider.
 *
 * @param <T> what its response is read as
 * @param provider the provider
 * @param model the model's id
 * @param wire what is sent
 * @param estimate how many tokens it is expected to take
 * @param parameters the parameters; none for embeddings and moderations
 * @param samples the number of samples that are asked for
 * @param reader reads the response; if it throws, that attempt has failed
 */
record ProviderCall<T extends TokenCount>(ProviderDefinition provider, String model, WireRequest wire,
		TokenEstimate estimate, InferenceParameters parameters, int samples, Function<WireResponse, T> reader) {

	CallDescription describe() {
		return new CallDescription(this.provider.name(), this.provider.baseUrl(), this.wire.operation(), this.model,
				this.parameters, this.samples);
	}

}
