package io.github.llmcache.provider.openai;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.FinishReason;
import io.github.llmcache.Role;
import io.github.llmcache.Sample;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ResponseFields;
import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;

/**
 * Reads the body of a successful response. What an answer consists of has to be as the
 * protocol describes it; what is told beside it (usage, tier, costs) is unknown if it is
 * not.
 */
final class OpenAiResponseReader {

	private final ResponseFields fields;

	private final OpenAiChoices choices;

	OpenAiResponseReader(ProviderDefinition provider) {
		this.fields = new ResponseFields(provider, "a chat completion");
		this.choices = new OpenAiChoices(provider, this.fields);
	}

	ProviderAnswer read(byte[] body) {
		return this.choices.readAnswer(body, this::sample);
	}

	private Sample sample(JsonNode choice, String path) {
		JsonNode message = choice.path("message");
		if (!message.isObject()) {
			throw this.fields.malformed(path, "message");
		}
		String nativeReason = this.fields.text(choice, path, "finish_reason");
		FinishReason reason = OpenAiFinishReasons.of(nativeReason);
		List<ContentPart> parts = new ArrayList<>(2);
		boolean refused = parts(message, path + ".message", parts);
		if (refused && (reason == FinishReason.STOP || reason == FinishReason.LENGTH)) {
			reason = FinishReason.REFUSAL;
		}
		return new Sample(new ChatMessage(Role.ASSISTANT, parts, null), reason, nativeReason,
				OpenAiChoices.logprobs(choice));
	}

	/**
	 * Read the parts of a message in the model's order. Returns whether it refused.
	 */
	private boolean parts(JsonNode message, String path, List<ContentPart> parts) {
		ContentPart reasoning = OpenAiReasoning.read(message);
		if (reasoning != null) {
			parts.add(reasoning);
		}
		boolean refused = content(message, path, parts);
		String refusal = this.fields.text(message, path, "refusal");
		if (refusal != null && !refusal.isEmpty()) {
			parts.add(new ContentPart.Text(refusal));
			refused = true;
		}
		toolCalls(message, path, parts);
		return refused;
	}

	/**
	 * Read the content, which is a string with OpenAI, and may be an array of parts with
	 * others. Returns whether it has a refusal.
	 */
	private boolean content(JsonNode message, String path, List<ContentPart> parts) {
		JsonNode content = message.path("content");
		if (!content.isArray()) {
			String text = this.fields.text(message, path, "content");
			if (text != null && !text.isEmpty()) {
				parts.add(new ContentPart.Text(text));
			}
			return false;
		}
		boolean refused = false;
		for (int i = 0; i < content.size(); i++) {
			JsonNode part = content.path(i);
			String partPath = path + ".content[" + i + "]";
			switch (this.fields.required(part, partPath, "type")) {
				case "text" -> parts.add(new ContentPart.Text(this.fields.required(part, partPath, "text")));
				case "refusal" -> {
					parts.add(new ContentPart.Text(this.fields.required(part, partPath, "refusal")));
					refused = true;
				}
				case "thinking" -> parts.add(new ContentPart.Reasoning(OpenAiReasoning.thinking(part), null));
				default -> {
					// In the raw response
				}
			}
		}
		return refused;
	}

	private void toolCalls(JsonNode message, String path, List<ContentPart> parts) {
		JsonNode toolCalls = message.path("tool_calls");
		if (!WireJson.isAbsent(toolCalls) && !toolCalls.isArray()) {
			throw this.fields.malformed(path, "tool_calls");
		}
		for (int i = 0; i < toolCalls.size(); i++) {
			JsonNode toolCall = toolCalls.path(i);
			String callPath = path + ".tool_calls[" + i + "]";
			String id = this.fields.text(toolCall, callPath, "id");
			JsonNode custom = toolCall.path("custom");
			if (custom.isObject()) {
				String customPath = callPath + ".custom";
				parts.add(new ContentPart.ToolCall((id != null) ? id : "",
						this.fields.required(custom, customPath, "name"),
						this.fields.required(custom, customPath, "input")));
			}
			else {
				parts.add(function((id != null) ? id : "", toolCall.path("function"), callPath + ".function"));
			}
		}
		JsonNode functionCall = message.path("function_call");
		if (!WireJson.isAbsent(functionCall)) {
			// From before there were tools; it has no id
			parts.add(function("", functionCall, path + ".function_call"));
		}
	}

	private ContentPart.ToolCall function(String id, JsonNode function, String path) {
		JsonNode arguments = function.path("arguments");
		String text = arguments.isObject() ? WireJson.write(arguments) : this.fields.text(function, path, "arguments");
		return new ContentPart.ToolCall(id, this.fields.required(function, path, "name"), (text != null) ? text : "");
	}

}
