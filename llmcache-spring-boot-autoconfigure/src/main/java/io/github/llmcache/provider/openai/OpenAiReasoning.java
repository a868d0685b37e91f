package io.github.llmcache.provider.openai;

import java.util.List;

import io.github.llmcache.ContentPart;
import io.github.llmcache.RawJson;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads reasoning, for which compatible servers have members of their own in the message:
 * {@code reasoning_content} (DeepSeek), {@code reasoning} (vLLM, Together, OpenRouter)
 * and {@code reasoning_details} (OpenRouter, whose encrypted blocks have to be sent
 * back).
 */
final class OpenAiReasoning {

	private static final String DETAILS = "reasoning_details";

	private static final String TEXT = "reasoning_content";

	private static final String OTHER_TEXT = "reasoning";

	private OpenAiReasoning() {
	}

	static ContentPart.@Nullable Reasoning read(JsonNode message) {
		// Most messages have none
		if (!message.has(DETAILS) && !message.has(TEXT) && !message.has(OTHER_TEXT)) {
			return null;
		}
		ObjectNode members = WireJson.NODES.objectNode();
		String text = "";
		for (String name : List.of(TEXT, OTHER_TEXT)) {
			String value = WireJson.string(message.path(name));
			if (value != null && !value.isEmpty()) {
				members.put(name, value);
				text = text.isEmpty() ? value : text;
			}
		}
		JsonNode details = message.path(DETAILS);
		if (details.isArray() && !details.isEmpty()) {
			members.set(DETAILS, details);
			text = text.isEmpty() ? detailsText(details) : text;
		}
		return members.isEmpty() ? null : new ContentPart.Reasoning(text, RawJson.of(WireJson.write(members)));
	}

	private static String detailsText(JsonNode details) {
		StringBuilder text = new StringBuilder();
		for (JsonNode detail : details.values()) {
			append(text, detail.path("text"));
			append(text, detail.path("summary"));
		}
		return text.toString();
	}

	/**
	 * Return the text of a part of the content with thoughts (Mistral).
	 */
	static String thinking(JsonNode part) {
		JsonNode thinking = part.path("thinking");
		StringBuilder text = new StringBuilder();
		append(text, thinking);
		for (JsonNode chunk : thinking.values()) {
			append(text, chunk.path("text"));
		}
		return text.toString();
	}

	private static void append(StringBuilder text, JsonNode node) {
		String string = WireJson.string(node);
		if (string != null) {
			text.append(string);
		}
	}

}
