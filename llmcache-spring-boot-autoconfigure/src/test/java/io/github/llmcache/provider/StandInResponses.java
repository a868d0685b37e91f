package io.github.llmcache.provider;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static io.github.llmcache.provider.DocumentedShape.ARRAY;
import static io.github.llmcache.provider.DocumentedShape.BOOLEAN;
import static io.github.llmcache.provider.DocumentedShape.INTEGER;
import static io.github.llmcache.provider.DocumentedShape.NUMBER;
import static io.github.llmcache.provider.DocumentedShape.OBJECT;
import static io.github.llmcache.provider.DocumentedShape.STRING;
import static io.github.llmcache.provider.DocumentedShape.arrayOf;
import static io.github.llmcache.provider.DocumentedShape.byType;
import static io.github.llmcache.provider.DocumentedShape.oneOf;
import static java.util.Map.entry;

/**
 * OpenAI's responses. Shapes are those of {@code ResponseCreateParams} in OpenAI's SDK
 * for Python, 3.3.1.
 */
final class StandInResponses implements StandInOperation {

	private static final DocumentedShape INPUT_TEXT = new DocumentedShape(List.of("type", "text"),
			Map.of("type", STRING, "text", STRING));

	private static final DocumentedShape INPUT_IMAGE = new DocumentedShape(List.of("type", "detail"), Map.of("type",
			STRING, "detail", oneOf("low", "high", "auto", "original"), "image_url", STRING, "file_id", STRING));

	private static final Predicate<JsonNode> CONTENT = STRING.or(arrayOf(
			byType("", Map.of("input_text", INPUT_TEXT, "output_text", INPUT_TEXT, "input_image", INPUT_IMAGE))));

	private static final DocumentedShape MESSAGE = new DocumentedShape(List.of("role", "content"),
			Map.of("type", STRING, "role", oneOf("user", "assistant", "system", "developer"), "content", CONTENT));

	private static final Predicate<JsonNode> ITEM = byType("message",
			Map.of("message", MESSAGE, "function_call",
					new DocumentedShape(List.of("type", "call_id", "name", "arguments"),
							Map.of("type", STRING, "id", STRING, "call_id", STRING, "name", STRING, "arguments", STRING,
									"status", STRING)),
					"function_call_output",
					new DocumentedShape(List.of("type", "call_id", "output"),
							Map.of("type", STRING, "id", STRING, "call_id", STRING, "output", STRING.or(ARRAY))),
					"reasoning",
					new DocumentedShape(List.of("type", "id", "summary"),
							Map.of("type", STRING, "id", STRING, "summary", ARRAY, "content", ARRAY,
									"encrypted_content", STRING, "status", STRING)),
					"item_reference", new DocumentedShape(List.of("id"), Map.of("type", STRING, "id", STRING))));

	private static final Predicate<JsonNode> TOOL = byType("", Map.of("function",
			new DocumentedShape(List.of("type", "name", "parameters"),
					Map.of("type", STRING, "name", STRING, "description", STRING, "parameters", OBJECT, "strict",
							BOOLEAN)),
			"code_interpreter",
			new DocumentedShape(List.of("type", "container"), Map.of("type", STRING, "container", STRING.or(OBJECT)))));

	private static final Predicate<JsonNode> FORMAT = byType("",
			Map.of("text", new DocumentedShape(List.of("type"), Map.of("type", STRING)), "json_object",
					new DocumentedShape(List.of("type"), Map.of("type", STRING)), "json_schema",
					new DocumentedShape(List.of("type", "name", "schema"), Map.of("type", STRING, "name", STRING,
							"schema", OBJECT, "strict", BOOLEAN, "description", STRING))));

	private static final DocumentedShape TEXT = new DocumentedShape(List.of(),
			Map.of("format", FORMAT, "verbosity", oneOf("low", "medium", "high")));

	private static final DocumentedShape REASONING = new DocumentedShape(List.of(),
			Map.of("effort", oneOf("none", "minimal", "low", "medium", "high", "xhigh", "max"), "summary",
					oneOf("auto", "concise", "detailed")));

	private static final DocumentedShape TOOL_CHOICE = new DocumentedShape(List.of("type", "name"),
			Map.of("type", oneOf("function"), "name", STRING));

	private static final Predicate<JsonNode> INCLUDE = arrayOf(
			oneOf("file_search_call.results", "web_search_call.results", "web_search_call.action.sources",
					"message.input_image.image_url", "computer_call_output.output.image_url",
					"code_interpreter_call.outputs", "reasoning.encrypted_content", "message.output_text.logprobs"));

	private static final DocumentedShape REQUEST = new DocumentedShape(List.of("model", "input"),
			Map.ofEntries(entry("model", STRING), entry("input", STRING.or(arrayOf(ITEM))),
					entry("instructions", STRING), entry("max_output_tokens", INTEGER),
					entry("max_tool_calls", INTEGER), entry("temperature", NUMBER), entry("top_p", NUMBER),
					entry("top_logprobs", INTEGER), entry("tools", arrayOf(TOOL)),
					entry("tool_choice", oneOf("auto", "none", "required").or(TOOL_CHOICE::matches)),
					entry("text", TEXT::matches), entry("reasoning", REASONING::matches), entry("include", INCLUDE),
					entry("store", BOOLEAN), entry("background", BOOLEAN), entry("previous_response_id", STRING),
					entry("conversation", STRING.or(OBJECT)), entry("prompt", OBJECT), entry("metadata", OBJECT),
					entry("parallel_tool_calls", BOOLEAN), entry("service_tier", STRING), entry("truncation", STRING)));

	@Override
	public @Nullable String problem(JsonNode body) {
		return REQUEST.problem(body);
	}

	@Override
	public ObjectNode answer(JsonNode body, String id, String text, boolean cut) {
		ObjectNode response = StandInProvider.JSON.createObjectNode()
			.put("id", "resp_" + id)
			.put("object", "response")
			.put("created_at", 1_750_000_000)
			.put("status", cut ? "incomplete" : "completed")
			.put("model", body.path("model").stringValue())
			.put("service_tier", "default")
			.putNull("error");
		if (cut) {
			response.putObject("incomplete_details").put("reason", "max_output_tokens");
		}
		else {
			response.putNull("incomplete_details");
		}
		ObjectNode message = response.putArray("output")
			.addObject()
			.put("type", "message")
			.put("id", "msg_" + id)
			.put("status", "completed")
			.put("role", "assistant");
		message.putArray("content").addObject().put("type", "output_text").put("text", text).putArray("annotations");
		ObjectNode usage = response.putObject("usage")
			.put("input_tokens", 10)
			.put("output_tokens", text.split(" ").length)
			.put("total_tokens", 10 + text.split(" ").length);
		usage.putObject("input_tokens_details").put("cached_tokens", 0).put("cache_write_tokens", 0);
		usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
		return response;
	}

}
