package io.github.llmcache.cli.safetytooling;

import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies of OpenAI's completions of plain text.
 */
final class OpenAiCompletionBodies extends OpenAiBodies {

	OpenAiCompletionBodies() {
		super("text_completion");
	}

	@Override
	ObjectNode choice(LibraryResponse response) {
		ObjectNode choice = WireJson.NODES.objectNode().put("text", response.completion());
		JsonNode logprobs = response.json().path("logprobs");
		if (logprobs.isArray()) {
			choice.putObject("logprobs").set("top_logprobs", logprobs);
		}
		return choice.put("finish_reason", response.stopReason().openAi());
	}

}
