package io.github.llmcache.provider.anthropic;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.FinishReason;
import io.github.llmcache.RawJson;
import io.github.llmcache.Role;
import io.github.llmcache.Sample;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.ResponseFields;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the body of a successful response. What an answer consists of has to be as the
 * protocol describes it; what is told beside it (usage, tier) is unknown if it is not.
 */
final class AnthropicResponseReader {

	private final ProviderDefinition provider;

	private final ResponseFields fields;

	AnthropicResponseReader(ProviderDefinition provider) {
		this.provider = provider;
		this.fields = new ResponseFields(provider, "a message");
	}

	ProviderAnswer read(byte[] body) {
		ObjectNode root = WireJson.readResponse(body, this.provider);
		String type = WireJson.string(root.path("type"));
		if ("error".equals(type)) {
			throw ProviderErrors.from(this.provider, null, this.provider.protocol().readError(root), null, null);
		}
		if (!"message".equals(type)) {
			throw this.fields.malformed("", "type");
		}
		String nativeReason = this.fields.text(root, "", "stop_reason");
		ChatMessage message = new ChatMessage(Role.ASSISTANT, parts(root.path("content")), null);
		JsonNode usage = root.path("usage");
		return new ProviderAnswer(List.of(new Sample(message, finishReason(nativeReason), nativeReason, null)),
				AnthropicUsage.read(usage), WireJson.string(root.path("model")), AnthropicUsage.serviceTier(usage),
				null);
	}

	private List<ContentPart> parts(JsonNode content) {
		if (!content.isArray()) {
			throw this.fields.malformed("", "content");
		}
		List<ContentPart> parts = new ArrayList<>(content.size());
		for (int i = 0; i < content.size(); i++) {
			ContentPart part = part(content.path(i), "content[" + i + "]");
			if (part != null) {
				parts.add(part);
			}
		}
		return parts;
	}

	private @Nullable ContentPart part(JsonNode block, String path) {
		return switch (this.fields.required(block, path, "type")) {
			case "text" -> new ContentPart.Text(this.fields.required(block, path, "text"));
			case "thinking" ->
				new ContentPart.Reasoning(this.fields.required(block, path, "thinking"), nativeBlock(block));
			case "redacted_thinking" -> new ContentPart.Reasoning("", nativeBlock(block));
			case "tool_use" -> toolCall(block, path);
			// Of tools that the provider runs itself; in the raw response
			default -> null;
		};
	}

	private ContentPart toolCall(JsonNode block, String path) {
		JsonNode input = block.path("input");
		if (!input.isObject()) {
			throw this.fields.malformed(path, "input");
		}
		return new ContentPart.ToolCall(this.fields.required(block, path, "id"),
				this.fields.required(block, path, "name"), WireJson.write(input));
	}

	private static RawJson nativeBlock(JsonNode block) {
		return RawJson.of(WireJson.write(block));
	}

	private static FinishReason finishReason(@Nullable String reason) {
		if (reason == null || reason.isEmpty()) {
			return FinishReason.UNKNOWN;
		}
		return switch (reason) {
			case "end_turn", "stop_sequence" -> FinishReason.STOP;
			case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
			case "tool_use" -> FinishReason.TOOL_CALLS;
			case "refusal" -> FinishReason.REFUSAL;
			case "pause_turn" -> FinishReason.PAUSE;
			default -> FinishReason.OTHER;
		};
	}

}
