package io.github.llmcache.cli.safetytooling;

import java.util.List;

import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies of Gemini's {@code generateContent}.
 */
final class GeminiBodies extends ResponseBodies {

	@Override
	ObjectNode body(List<LibraryResponse> responses) {
		LibraryResponse response = responses.get(0);
		ObjectNode body = WireJson.NODES.objectNode();
		ObjectNode candidate = body.putArray("candidates").addObject();
		candidate.putObject("content")
			.put("role", "model")
			.putArray("parts")
			.addObject()
			.put("text", response.completion());
		candidate.put("finishReason", response.stopReason().gemini()).put("index", 0);
		JsonNode ratings = response.json().path("safety_ratings").path("ratings");
		if (ratings.isArray()) {
			candidate.set("safetyRatings", ratings);
		}
		if (response.usage().isObject()) {
			ObjectNode usage = body.putObject("usageMetadata");
			count(response, "input_tokens", usage, "promptTokenCount");
			count(response, "output_tokens", usage, "candidatesTokenCount");
			count(response, "total_tokens", usage, "totalTokenCount");
		}
		return body.put("modelVersion", response.model());
	}

}
