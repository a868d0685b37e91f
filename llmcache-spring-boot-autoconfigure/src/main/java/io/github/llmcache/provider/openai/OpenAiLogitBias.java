package io.github.llmcache.provider.openai;

import java.util.Map;
import java.util.TreeMap;

import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the bias of tokens.
 */
final class OpenAiLogitBias {

	private static final String NAME = "logit_bias";

	private OpenAiLogitBias() {
	}

	static void write(@Nullable Map<String, Double> logitBias, ObjectNode body, ProviderDefinition provider) {
		if (logitBias != null) {
			ObjectNode object = body.putObject(NAME);
			// Sorted, because the order of an immutable map differs from run to run
			new TreeMap<>(logitBias).forEach((token, bias) -> object.set(token, bias(bias, provider)));
		}
	}

	private static JsonNode bias(Double bias, ProviderDefinition provider) {
		// The protocol has integers here
		boolean integral = bias == Math.rint(bias) && Math.abs(bias) <= Integer.MAX_VALUE;
		return WireJson.number(integral ? (Number) bias.intValue() : bias, NAME, provider);
	}

}
