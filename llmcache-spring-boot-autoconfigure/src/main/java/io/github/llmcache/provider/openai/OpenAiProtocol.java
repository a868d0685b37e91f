package io.github.llmcache.provider.openai;

import java.util.Map;

import io.github.llmcache.provider.BatchProtocol;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderProtocol;
import tools.jackson.databind.JsonNode;

/**
 * What all protocols of OpenAI have in common.
 */
abstract class OpenAiProtocol implements ProviderProtocol {

	@Override
	public Map<String, String> headers(ProviderDefinition provider) {
		return OpenAiHeaders.of(provider);
	}

	@Override
	public ErrorBody readError(JsonNode body) {
		return OpenAiErrorReader.read(body);
	}

	@Override
	public BatchProtocol batches() {
		return new OpenAiBatchProtocol();
	}

}
