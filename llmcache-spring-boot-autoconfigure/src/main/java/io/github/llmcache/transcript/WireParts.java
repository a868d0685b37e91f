package io.github.llmcache.transcript;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Puts the parts of messages into words, of whatever protocol they are: the types of
 * parts mean the same wherever they occur. What is not known is shown as its JSON.
 */
final class WireParts {

	/** Results of tools have parts, which have no parts but in what is made up. */
	private static final int DEEPEST = 3;

	private WireParts() {
	}

	/**
	 * Return the text of a part, or of an array of parts.
	 */
	static String text(JsonNode parts) {
		return text(parts, 0);
	}

	private static String text(JsonNode parts, int depth) {
		if (!parts.isArray()) {
			return partText(parts, depth);
		}
		List<String> texts = new ArrayList<>();
		parts.forEach((part) -> texts.add(partText(part, depth)));
		return String.join("\n", texts);
	}

	private static String partText(JsonNode part, int depth) {
		if (part.isString()) {
			return part.stringValue();
		}
		if (!part.isObject() || depth == DEEPEST) {
			return WireText.of(part);
		}
		Members members = new Members(part);
		String type = members.stringOrEmpty("type");
		String text = type.isEmpty() ? untyped(members, depth) : typed(type, members, depth);
		return (text != null) ? members.withRest(text) : WireText.of(part);
	}

	private static @Nullable String typed(String type, Members members, int depth) {
		return switch (type) {
			case "text", "input_text", "output_text", "summary_text", "reasoning_text" -> members.string("text");
			case "refusal" -> refusal(members);
			case "thinking" -> {
				members.ignore("signature");
				yield reasoning(members.string("thinking"));
			}
			case "redacted_thinking" -> {
				members.ignore("data");
				yield reasoning("");
			}
			case "reasoning" -> reasoningItem(members, depth);
			case "function" -> call(members, members.object("function"), "function", "id", "arguments");
			case "custom" -> call(members, members.object("custom"), "custom", "id", "input");
			case "function_call" -> call(members, members, "", "call_id", "arguments");
			case "custom_tool_call" -> call(members, members, "", "call_id", "input");
			case "tool_use", "server_tool_use", "mcp_tool_use" -> call(members, members, "", "id", "input");
			case "function_call_output", "custom_tool_call_output" -> result(members, "call_id", "output", depth);
			case "tool_result", "mcp_tool_result", "web_search_tool_result" ->
				result(members, "tool_use_id", "content", depth);
			case "image", "image_url", "input_image" -> image(members);
			case "message" -> {
				members.ignore("id", "status", "role");
				yield content(members, "content", depth);
			}
			default -> null;
		};
	}

	/**
	 * Gemini's parts are named by what they hold.
	 */
	private static @Nullable String untyped(Members members, int depth) {
		members.ignore("thoughtSignature");
		if (members.has("functionCall")) {
			return call(members, members.object("functionCall"), "functionCall", "id", "args");
		}
		if (members.has("functionResponse")) {
			Members response = members.object("functionResponse");
			return (response != null) ? response.withRest(geminiResult(response)) : null;
		}
		if (members.has("inlineData")) {
			Members data = members.object("inlineData");
			String text = (data != null) ? base64Image(data, "mimeType") : null;
			return (data != null && text != null) ? data.withRest(text) : null;
		}
		String text = members.string("text");
		return (text != null && members.isTrue("thought")) ? reasoning(text) : text;
	}

	private static String geminiResult(Members response) {
		String id = response.stringOrEmpty("id");
		String name = response.stringOrEmpty("name");
		JsonNode content = response.any("response");
		return PartTexts.result(id.isEmpty() ? name : id, false, (content != null) ? WireText.of(content) : "");
	}

	private static @Nullable String refusal(Members members) {
		String text = members.string("refusal");
		return (text != null) ? refusal(text) : null;
	}

	static String refusal(String text) {
		return "[refusal] " + text;
	}

	private static @Nullable String reasoning(@Nullable String text) {
		return (text != null) ? PartTexts.reasoning(text) : null;
	}

	private static String reasoningItem(Members members, int depth) {
		members.ignore("id", "status", "encrypted_content");
		List<String> texts = new ArrayList<>();
		for (String name : List.of("summary", "content")) {
			String text = content(members, name, depth);
			if (text != null && !text.isEmpty()) {
				texts.add(text);
			}
		}
		return PartTexts.reasoning(String.join("\n\n", texts));
	}

	private static @Nullable String content(Members members, String name, int depth) {
		String text = members.string(name);
		if (text != null) {
			return text;
		}
		JsonNode parts = members.array(name);
		return (parts != null) ? text(parts, depth + 1) : null;
	}

	private static @Nullable String call(Members part, @Nullable Members function, String below, String id,
			String arguments) {
		String name = (function != null) ? function.string("name") : null;
		if (function == null || name == null) {
			return null;
		}
		JsonNode value = function.any(arguments);
		String callId = (function.has(id) ? function : part).stringOrEmpty(id);
		// An item's id is not the call's
		part.ignore("id", "status");
		if (function != part) {
			part.giveBack(below, function);
		}
		return PartTexts.call(callId, name,
				(value == null) ? "{}" : value.isString() ? value.stringValue() : WireText.of(value));
	}

	private static String result(Members members, String id, String content, int depth) {
		String callId = members.stringOrEmpty(id);
		members.ignore("id", "status");
		boolean error = members.isTrue("is_error");
		String text = content(members, content, depth);
		return PartTexts.result(callId, error, (text != null) ? text : "");
	}

	private static @Nullable String image(Members members) {
		Members source = members.object("source");
		if (source != null) {
			String url = source.string("url");
			String text = (url != null) ? image(url) : base64Image(source, "media_type");
			source.ignore("type");
			return (text != null) ? source.withRest(text) : null;
		}
		Members image = members.object("image_url");
		String url = (image != null) ? image.string("url") : members.string("image_url");
		if (url == null) {
			return null;
		}
		return (image != null) ? image.withRest(image(url)) : image(url);
	}

	private static @Nullable String base64Image(Members data, String type) {
		String mediaType = data.stringOrEmpty(type);
		String base64 = mediaType.startsWith("image/") ? data.string("data") : null;
		return (base64 != null) ? PartTexts.image(mediaType, base64.length()) : null;
	}

	private static String image(String url) {
		int data = url.indexOf(";base64,");
		return (url.startsWith("data:") && data > 0)
				? PartTexts.image(url.substring("data:".length(), data), url.length() - data - ";base64,".length())
				: "[image: " + url + "]";
	}

}
