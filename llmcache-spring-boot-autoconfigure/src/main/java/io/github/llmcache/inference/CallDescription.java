package io.github.llmcache.inference;

import java.net.URI;

import io.github.llmcache.InferenceParameters;

/**
 * A call of a provider, without what it says.
 *
 * @param provider the configured name of the provider
 * @param baseUrl the URL below which its operations are
 * @param operation the path of the operation below it, such as {@code chat/completions}
 * @param model the model's id
 * @param parameters the parameters; none for embeddings and moderations
 * @param samples the number of samples that are asked for
 */
public record CallDescription(String provider, URI baseUrl, String operation, String model,
		InferenceParameters parameters, int samples) {

	/**
	 * Describe the call without its parameters, some of which are texts.
	 */
	@Override
	public String toString() {
		return "CallDescription[provider=" + this.provider + ", operation=" + this.operation + ", model=" + this.model
				+ "]";
	}

}
