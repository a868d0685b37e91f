package io.github.llmcache.cli.safetytooling;

import java.util.List;

import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What bodies of OpenAI's two kinds of completions have in common.
 */
abstract class OpenAiBodies extends ResponseBodies {

	private static final List<String> DETAILS = List.of("prompt_tokens_details", "completion_tokens_details");

	private final String object;

	OpenAiBodies(String object) {
		this.object = object;
	}

	@Override
	boolean takesSeveral() {
		return true;
	}

	@Override
	ObjectNode body(List<LibraryResponse> responses) {
		LibraryResponse first = responses.get(0);
		ObjectNode body = WireJson.NODES.objectNode().put("object", this.object).put("model", first.model());
		ArrayNode choices = body.putArray("choices");
		for (int i = 0; i < responses.size(); i++) {
			choices.add(choice(responses.get(i)).put("index", i));
		}
		if (first.usage().isObject()) {
			ObjectNode usage = body.putObject("usage");
			count(first, "input_tokens", usage, "prompt_tokens");
			count(first, "output_tokens", usage, "completion_tokens");
			count(first, "total_tokens", usage, "total_tokens");
			for (String details : DETAILS) {
				JsonNode node = first.usage().path(details);
				if (node.isObject()) {
					usage.set(details, node);
				}
			}
		}
		return body;
	}

	abstract ObjectNode choice(LibraryResponse response);

}
