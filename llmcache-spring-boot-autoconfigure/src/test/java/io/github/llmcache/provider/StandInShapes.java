package io.github.llmcache.provider;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import tools.jackson.databind.JsonNode;

import static io.github.llmcache.provider.DocumentedShape.ARRAY;
import static io.github.llmcache.provider.DocumentedShape.BOOLEAN;
import static io.github.llmcache.provider.DocumentedShape.INTEGER;
import static io.github.llmcache.provider.DocumentedShape.NUMBER;
import static io.github.llmcache.provider.DocumentedShape.OBJECT;
import static io.github.llmcache.provider.DocumentedShape.STRING;
import static io.github.llmcache.provider.DocumentedShape.arrayOf;
import static io.github.llmcache.provider.DocumentedShape.oneOf;
import static java.util.Map.entry;

/**
 * The shapes of the requests of OpenAI's chat completions and Anthropic's messages: those
 * of {@code CompletionCreateParams} in OpenAI's SDK for Python, 3.3.1, and of
 * {@code MessageCreateParams} in Anthropic's, 0.121.0.
 */
final class StandInShapes {

	private static final Predicate<JsonNode> TEXT_OR_PARTS = STRING.or(arrayOf(OBJECT));

	private static final Predicate<JsonNode> FUNCTION_CALL = new DocumentedShape(List.of("id", "type", "function"),
			Map.of("id", STRING, "type", oneOf("function"), "function",
					new DocumentedShape(List.of("name", "arguments"),
							Map.of("name", STRING, "arguments", STRING))::matches))::matches;

	private static final Predicate<JsonNode> CHAT_MESSAGE = byRole(Map.of("system", instructions(), "developer",
			instructions(), "user", instructions(), "assistant",
			new DocumentedShape(List.of("role"),
					Map.of("role", STRING, "content", TEXT_OR_PARTS.or(JsonNode::isNull), "name", STRING, "tool_calls",
							arrayOf(FUNCTION_CALL), "refusal", STRING, "reasoning_content", STRING)),
			"tool", new DocumentedShape(List.of("role", "content", "tool_call_id"),
					Map.of("role", STRING, "content", TEXT_OR_PARTS, "tool_call_id", STRING))));

	private static final Predicate<JsonNode> FUNCTION_TOOL = new DocumentedShape(List.of("type", "function"),
			Map.of("type", oneOf("function"), "function", new DocumentedShape(List.of("name"), Map.of("name", STRING,
					"description", STRING, "parameters", OBJECT, "strict", BOOLEAN))::matches))::matches;

	/** Of OpenAI's chat completions. */
	static final DocumentedShape CHAT_COMPLETION = new DocumentedShape(List.of("model", "messages"),
			Map.ofEntries(entry("model", STRING), entry("messages", arrayOf(CHAT_MESSAGE)), entry("audio", OBJECT),
					entry("frequency_penalty", NUMBER), entry("logit_bias", OBJECT), entry("logprobs", BOOLEAN),
					entry("max_completion_tokens", INTEGER), entry("max_tokens", INTEGER), entry("metadata", OBJECT),
					entry("modalities", ARRAY), entry("n", INTEGER), entry("parallel_tool_calls", BOOLEAN),
					entry("prediction", OBJECT), entry("presence_penalty", NUMBER), entry("prompt_cache_key", STRING),
					entry("reasoning_effort", STRING), entry("response_format", OBJECT),
					entry("safety_identifier", STRING), entry("seed", INTEGER), entry("service_tier", STRING),
					entry("stop", STRING.or(arrayOf(STRING))), entry("store", BOOLEAN), entry("temperature", NUMBER),
					entry("tool_choice", STRING.or(OBJECT)), entry("tools", arrayOf(FUNCTION_TOOL)),
					entry("top_logprobs", INTEGER), entry("top_p", NUMBER), entry("user", STRING),
					entry("verbosity", STRING), entry("web_search_options", OBJECT)));

	/** Of Anthropic's messages. */
	static final DocumentedShape MESSAGE = new DocumentedShape(List.of("model", "max_tokens", "messages"),
			Map.ofEntries(entry("model", STRING), entry("max_tokens", INTEGER), entry("messages",
					arrayOf(new DocumentedShape(List.of("role", "content"),
							Map.of("role", oneOf("user", "assistant", "system"), "content", TEXT_OR_PARTS))::matches)),
					entry("cache_control", OBJECT), entry("container", STRING.or(OBJECT)),
					entry("inference_geo", STRING), entry("metadata", OBJECT), entry("output_config", OBJECT),
					entry("service_tier", STRING), entry("stop_sequences", arrayOf(STRING)),
					entry("system", TEXT_OR_PARTS), entry("temperature", NUMBER), entry("thinking", OBJECT),
					entry("tool_choice", OBJECT),
					entry("tools",
							arrayOf(new DocumentedShape(List.of("name", "input_schema"),
									Map.of("name", STRING, "description", STRING, "input_schema", OBJECT, "strict",
											BOOLEAN, "type", STRING, "cache_control", OBJECT))::matches)),
					entry("top_k", INTEGER), entry("top_p", NUMBER)));

	private StandInShapes() {
	}

	private static DocumentedShape instructions() {
		return new DocumentedShape(List.of("role", "content"),
				Map.of("role", STRING, "content", TEXT_OR_PARTS, "name", STRING));
	}

	private static Predicate<JsonNode> byRole(Map<String, DocumentedShape> shapes) {
		return (message) -> {
			DocumentedShape shape = shapes.get(message.path("role").asString(""));
			return shape != null && shape.matches(message);
		};
	}

}
