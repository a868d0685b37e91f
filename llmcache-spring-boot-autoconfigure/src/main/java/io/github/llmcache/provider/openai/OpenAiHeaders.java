package io.github.llmcache.provider.openai;

import java.util.Map;

import io.github.llmcache.provider.ProviderDefinition;

/**
 * The headers of all of OpenAI's protocols.
 */
final class OpenAiHeaders {

	private OpenAiHeaders() {
	}

	static Map<String, String> of(ProviderDefinition provider) {
		String apiKey = provider.apiKey();
		return (apiKey != null) ? Map.of("Authorization", "Bearer " + apiKey) : Map.of();
	}

}
