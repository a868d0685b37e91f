package io.github.llmcache.provider.openai;

import java.util.List;
import java.util.Set;

import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds out whether a request of the Responses API leans on state at the provider, or
 * leaves some there.
 */
final class OpenAiState {

	private static final List<String> REFERENCES = List.of("previous_response_id", "conversation", "prompt");

	/**
	 * Tools that see nothing but the request and the public web, or that run at the
	 * caller's. What is not known to be one of them is taken for one with state.
	 */
	private static final Set<String> STATELESS_TOOLS = Set.of("function", "custom", "image_generation", "local_shell",
			"apply_patch", "computer", "computer_use_preview", "tool_search", "programmatic_tool_calling");

	private OpenAiState() {
	}

	static boolean isNeeded(ObjectNode body) {
		return REFERENCES.stream().anyMatch((name) -> !WireJson.isAbsent(body.path(name))) || isStored(body)
				|| !WireJson.isAbsent(body.path("background")) && !isFalse(body.path("background"))
				|| body.path(OpenAiResponsesRequestWriter.INPUT).valueStream().anyMatch(OpenAiState::isStoredItem)
				|| hasState(body.path("tools"));
	}

	/**
	 * Return whether the provider stores the response, which it does unless it is told
	 * not to.
	 */
	static boolean isStored(ObjectNode body) {
		return !isFalse(body.path(OpenAiResponsesRequestWriter.STORE));
	}

	private static boolean isFalse(JsonNode node) {
		return node.isBoolean() && !node.booleanValue();
	}

	/**
	 * Reasoning that has neither its encrypted nor its plain content is found by its
	 * identifier.
	 */
	private static boolean isStoredItem(JsonNode item) {
		String type = WireJson.string(item.path("type"));
		return "item_reference".equals(type) || "reasoning".equals(type) && !isWhole(item);
	}

	/**
	 * Return whether an item of reasoning has all that is needed to give it back.
	 */
	static boolean isWhole(JsonNode reasoning) {
		String encrypted = WireJson.string(reasoning.path("encrypted_content"));
		JsonNode content = reasoning.path("content");
		return encrypted != null && !encrypted.isEmpty() || content.isArray() && !content.isEmpty();
	}

	private static boolean hasState(JsonNode tools) {
		return !WireJson.isAbsent(tools) && (!tools.isArray() || tools.valueStream().anyMatch(OpenAiState::isStateful));
	}

	private static boolean isStateful(JsonNode tool) {
		String type = WireJson.string(tool.path("type"));
		if (type == null) {
			return true;
		}
		return switch (type) {
			case "namespace" -> hasState(tool.path("tools"));
			case "shell" -> !"local".equals(WireJson.string(tool.path("environment").path("type")));
			// With or without a date at its end
			default -> !STATELESS_TOOLS.contains(type) && !type.startsWith("web_search");
		};
	}

}
