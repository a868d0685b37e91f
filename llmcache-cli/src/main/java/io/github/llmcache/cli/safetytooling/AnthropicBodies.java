package io.github.llmcache.cli.safetytooling;

import java.util.List;

import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies of Anthropic's messages. The library keeps the blocks of the content as they
 * came, thoughts and their signatures among them.
 */
final class AnthropicBodies extends ResponseBodies {

	@Override
	ObjectNode body(List<LibraryResponse> responses) {
		LibraryResponse response = responses.get(0);
		ObjectNode body = WireJson.NODES.objectNode()
			.put("type", "message")
			.put("role", "assistant")
			.put("model", response.model());
		JsonNode blocks = GeneratedContent.of(response);
		if (isBlocks(blocks)) {
			body.set("content", blocks);
		}
		else {
			body.putArray("content").addObject().put("type", "text").put("text", response.completion());
		}
		body.put("stop_reason", response.stopReason().anthropic()).putNull("stop_sequence");
		if (response.usage().isObject()) {
			ObjectNode usage = body.putObject("usage");
			count(response, "input_tokens", usage, "input_tokens");
			count(response, "output_tokens", usage, "output_tokens");
		}
		return body;
	}

	private static boolean isBlocks(@Nullable JsonNode content) {
		return content != null && content.isArray() && !content.isEmpty()
				&& content.values().stream().allMatch((block) -> block.path("type").isString());
	}

}
