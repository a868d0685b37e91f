package io.github.llmcache.cli.safetytooling;

import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies of OpenAI's chat completions. Of OpenAI the library keeps the choice as it came;
 * of servers that are compatible with it, the text and the calls of tools.
 */
final class OpenAiChatBodies extends OpenAiBodies {

	private static final String MESSAGE = "message";

	private static final String CONTENT = "content";

	OpenAiChatBodies() {
		super("chat.completion");
	}

	@Override
	ObjectNode choice(LibraryResponse response) {
		JsonNode generated = GeneratedContent.of(response);
		if (generated instanceof ObjectNode choice && isChoice(choice, response)) {
			return choice.deepCopy();
		}
		ObjectNode choice = WireJson.NODES.objectNode();
		ObjectNode message = choice.putObject(MESSAGE).put("role", "assistant").put(CONTENT, response.completion());
		String reasoning = SourceJson.string(response.json(), "reasoning_content");
		if (reasoning != null) {
			message.put("reasoning_content", reasoning);
		}
		if (generated instanceof ArrayNode parts) {
			toolCalls(parts, message);
		}
		logprobs(response.json().path("logprobs"), choice);
		return choice.put("finish_reason", response.stopReason().openAi());
	}

	private static boolean isChoice(ObjectNode choice, LibraryResponse response) {
		return response.completion().equals(WireJson.string(choice.path(MESSAGE).path(CONTENT)))
				&& choice.path("finish_reason").isString();
	}

	private static void toolCalls(ArrayNode parts, ObjectNode message) {
		ArrayNode calls = WireJson.NODES.arrayNode();
		for (JsonNode part : parts.values()) {
			if ("tool_call".equals(WireJson.string(part.path("type")))) {
				ObjectNode function = calls.addObject()
					.put("id", SourceJson.requiredString(part, "id"))
					.put("type", "function")
					.putObject("function");
				function.put("name", SourceJson.requiredString(part.path("function"), "name"))
					.put("arguments", SourceJson.requiredString(part.path("function"), "arguments"));
			}
		}
		if (!calls.isEmpty()) {
			message.set("tool_calls", calls);
		}
	}

	/**
	 * Write the probabilities if it is clear which tokens the answer consists of: where
	 * alternatives were asked for, the library does not say which one was chosen.
	 */
	private static void logprobs(JsonNode logprobs, ObjectNode choice) {
		if (!logprobs.isArray() || logprobs.isEmpty()
				|| !logprobs.values().stream().allMatch((token) -> token.isObject() && token.size() == 1)) {
			return;
		}
		ArrayNode content = choice.putObject("logprobs").putArray(CONTENT);
		for (JsonNode token : logprobs.values()) {
			((ObjectNode) token)
				.forEachEntry((text, logprob) -> content.addObject().put("token", text).set("logprob", logprob));
		}
	}

}
