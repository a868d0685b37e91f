package io.github.llmcache.transcript;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.transcript.Section.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes sections of messages, of whatever protocol they are. Used by one thread.
 */
final class WireMessages {

	/** More than people read; the rest is one section. */
	private static final int MOST_SECTIONS = 10_000;

	private final Sections sections;

	WireMessages(Sections sections) {
		this.sections = sections;
	}

	/**
	 * Add what one member of the request says.
	 * @param role the role of what does not say it
	 * @param value one message, or an array of messages
	 */
	void add(String role, JsonNode value) {
		if (isTokens(value)) {
			this.sections.add(kind(role), role, WireText.of(value));
			return;
		}
		if (!value.isArray()) {
			message(role, value);
			return;
		}
		int count = 0;
		for (JsonNode message : value) {
			if (count++ < MOST_SECTIONS) {
				message(role, message);
			}
		}
		if (count > MOST_SECTIONS) {
			rest(value);
		}
	}

	private void rest(JsonNode messages) {
		StringBuilder json = new StringBuilder();
		for (int i = MOST_SECTIONS; i < messages.size(); i++) {
			json.append(WireText.of(messages.get(i))).append('\n');
		}
		this.sections.add(Kind.PROMPT, "%d more".formatted(messages.size() - MOST_SECTIONS), json.toString());
	}

	/**
	 * A text can be given as the numbers of its tokens.
	 */
	private static boolean isTokens(JsonNode value) {
		for (JsonNode element : value) {
			if (!element.isNumber()) {
				return false;
			}
		}
		return value.isArray();
	}

	/**
	 * Add instructions, which have one section however many parts there are.
	 */
	void instructions(String heading, JsonNode value) {
		if (value.isObject()) {
			Members content = new Members(value);
			content.ignore("role");
			this.sections.add(Kind.INSTRUCTIONS, heading, text(content));
		}
		else {
			this.sections.add(Kind.INSTRUCTIONS, heading, WireParts.text(value));
		}
	}

	private void message(String defaultRole, JsonNode message) {
		if (!message.isObject()) {
			this.sections.add(kind(defaultRole), defaultRole, WireParts.text(message));
			return;
		}
		Members members = new Members(message);
		String type = members.stringOrEmpty("type");
		if (!type.isEmpty() && !type.equals("message")) {
			item(defaultRole, type, message);
			return;
		}
		String role = members.string("role");
		String name = members.string("name");
		String known = (role != null) ? role : defaultRole;
		Kind kind = isResults(message) ? Kind.TOOL : kind(known);
		this.sections.add(kind, (name != null) ? known + " " + name : known, text(members));
	}

	/**
	 * What stands beside messages in the Responses API.
	 */
	private void item(String defaultRole, String type, JsonNode item) {
		String role = switch (type) {
			case "function_call", "custom_tool_call", "reasoning" -> "assistant";
			case "function_call_output", "custom_tool_call_output" -> "tool";
			case "text", "input_text", "image_url", "input_image" -> defaultRole;
			default -> type;
		};
		this.sections.add(kind(role), role, WireParts.text(item));
	}

	private static boolean isResults(JsonNode message) {
		JsonNode parts = message.path(message.has("parts") ? "parts" : "content");
		if (!parts.isArray() || parts.isEmpty()) {
			return false;
		}
		for (JsonNode part : parts) {
			JsonNode type = part.path("type");
			if (!part.has("functionResponse") && !(type.isString() && type.stringValue().equals("tool_result"))) {
				return false;
			}
		}
		return true;
	}

	private static Kind kind(String role) {
		return switch (role) {
			case "system", "developer" -> Kind.INSTRUCTIONS;
			case "assistant", "model" -> Kind.ANSWER;
			case "tool", "function" -> Kind.TOOL;
			default -> Kind.PROMPT;
		};
	}

	/**
	 * Return what a message says.
	 * @param message the members of the message; without its role
	 */
	static String text(Members message) {
		List<String> texts = new ArrayList<>();
		reasoning(message, texts);
		String callId = message.string("tool_call_id");
		String content = content(message);
		if (callId != null) {
			texts.add(PartTexts.result(callId, false, (content != null) ? content : ""));
		}
		else if (content != null) {
			texts.add(content);
		}
		String refusal = message.string("refusal");
		if (refusal != null) {
			texts.add(WireParts.refusal(refusal));
		}
		JsonNode calls = message.array("tool_calls");
		if (calls != null && !calls.isEmpty()) {
			texts.add(WireParts.text(calls));
		}
		return message.withRest(String.join("\n", texts));
	}

	/**
	 * Servers that speak OpenAI's protocol have two names for it, and some use both.
	 */
	private static void reasoning(Members message, List<String> texts) {
		String reasoning = message.string("reasoning_content");
		String other = message.string("reasoning");
		if (reasoning != null && !reasoning.isEmpty()) {
			texts.add(PartTexts.reasoning(reasoning));
		}
		if (other != null && !other.isEmpty() && !other.equals(reasoning)) {
			texts.add(PartTexts.reasoning(other));
		}
	}

	private static @Nullable String content(Members message) {
		String text = message.string("content");
		if (text != null) {
			return text;
		}
		JsonNode parts = message.array("content");
		if (parts == null) {
			parts = message.array("parts");
		}
		return (parts != null) ? WireParts.text(parts) : null;
	}

}
