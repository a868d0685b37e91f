package io.github.llmcache.provider.openai;

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
import io.github.llmcache.provider.ProviderProtocol.ErrorBody;
import io.github.llmcache.provider.ResponseFields;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the body of a successful response of the Responses API. What an answer consists
 * of has to be as the protocol describes it; what is told beside it (usage, tier, costs)
 * is unknown if it is not. For one response.
 */
final class OpenAiResponsesReader {

	private static final String INVALID_REQUEST = "invalid_request_error";

	private final ProviderDefinition provider;

	private final ResponseFields fields;

	private final List<ContentPart> parts = new ArrayList<>();

	private final ArrayNode logprobs = WireJson.NODES.arrayNode();

	private boolean refused;

	private boolean toolCalled;

	OpenAiResponsesReader(ProviderDefinition provider) {
		this.provider = provider;
		this.fields = new ResponseFields(provider, "a response with output items");
	}

	ProviderAnswer read(byte[] body) {
		ObjectNode root = WireJson.readResponse(body, this.provider);
		if (OpenAiErrorReader.isError(root)) {
			throw ProviderErrors.from(this.provider, null, error(root), null, null);
		}
		JsonNode output = root.path("output");
		if (!output.isArray()) {
			throw this.fields.malformed("", "output");
		}
		for (int i = 0; i < output.size(); i++) {
			item(output.path(i), "output[" + i + "]");
		}
		JsonNode usage = root.path("usage");
		return new ProviderAnswer(List.of(sample(root)), OpenAiUsage.readResponses(usage),
				WireJson.string(root.path("model")), OpenAiUsage.serviceTier(root), OpenAiUsage.cost(usage));
	}

	private static ErrorBody error(ObjectNode root) {
		ErrorBody error = OpenAiErrorReader.read(root);
		// The error of a response has no type
		if (error.type() != null || error.code() == null) {
			return error;
		}
		return new ErrorBody(type(error.code()), error.code(), error.message(), error.requestId());
	}

	/**
	 * The codes are those of the SDK's {@code ResponseError}.
	 */
	private static @Nullable String type(String code) {
		return switch (code) {
			case "vector_store_timeout" -> "server_error";
			case "bio_policy", "data_residency_mismatch" -> INVALID_REQUEST;
			default -> (code.startsWith("invalid_") || code.contains("image")) ? INVALID_REQUEST : null;
		};
	}

	private void item(JsonNode item, String path) {
		switch (this.fields.required(item, path, "type")) {
			case "message" -> message(item, path);
			case "reasoning" -> reasoning(item, path);
			case "function_call" -> toolCall(item, path, "arguments");
			case "custom_tool_call" -> toolCall(item, path, "input");
			default -> {
				// Of tools that the provider runs itself; in the raw response
			}
		}
	}

	private void message(JsonNode item, String path) {
		JsonNode content = item.path("content");
		if (!content.isArray()) {
			throw this.fields.malformed(path, "content");
		}
		for (int i = 0; i < content.size(); i++) {
			JsonNode part = content.path(i);
			String partPath = path + ".content[" + i + "]";
			switch (this.fields.required(part, partPath, "type")) {
				case "output_text" -> {
					text(this.fields.required(part, partPath, "text"));
					logprobs(part.path("logprobs"));
				}
				case "refusal" -> {
					text(this.fields.required(part, partPath, "refusal"));
					this.refused = true;
				}
				default -> {
					// In the raw response
				}
			}
		}
	}

	private void logprobs(JsonNode logprobs) {
		if (logprobs.isArray()) {
			logprobs.forEach(this.logprobs::add);
		}
	}

	private void text(String text) {
		if (!text.isEmpty()) {
			this.parts.add(new ContentPart.Text(text));
		}
	}

	private void reasoning(JsonNode item, String path) {
		String text = texts(item, path, "content");
		// Else it is at the provider, if that has stored it, and only its name is here
		RawJson nativeBlock = OpenAiState.isWhole(item) ? RawJson.of(WireJson.write(item)) : null;
		this.parts.add(new ContentPart.Reasoning(text.isEmpty() ? texts(item, path, "summary") : text, nativeBlock));
	}

	private String texts(JsonNode item, String path, String name) {
		JsonNode array = item.path(name);
		if (!WireJson.isAbsent(array) && !array.isArray()) {
			throw this.fields.malformed(path, name);
		}
		List<String> texts = new ArrayList<>(array.size());
		for (int i = 0; i < array.size(); i++) {
			texts.add(this.fields.required(array.path(i), path + "." + name + "[" + i + "]", "text"));
		}
		return String.join("\n\n", texts);
	}

	private void toolCall(JsonNode item, String path, String arguments) {
		this.parts.add(new ContentPart.ToolCall(this.fields.required(item, path, "call_id"),
				this.fields.required(item, path, "name"), this.fields.required(item, path, arguments)));
		this.toolCalled = true;
	}

	private Sample sample(JsonNode root) {
		String status = this.fields.text(root, "", "status");
		String reason = WireJson.string(root.path("incomplete_details").path("reason"));
		return new Sample(new ChatMessage(Role.ASSISTANT, this.parts, null), finishReason(status, reason),
				(reason != null) ? reason : status,
				this.logprobs.isEmpty() ? null : RawJson.of(WireJson.write(this.logprobs)));
	}

	private FinishReason finishReason(@Nullable String status, @Nullable String reason) {
		if (status == null) {
			return FinishReason.UNKNOWN;
		}
		return switch (status) {
			case "completed" -> completed();
			case "incomplete" -> incomplete(reason);
			case "failed", "cancelled" -> FinishReason.ERROR;
			// Of a response in the background: queued, in_progress
			default -> FinishReason.UNKNOWN;
		};
	}

	private FinishReason completed() {
		if (this.toolCalled) {
			return FinishReason.TOOL_CALLS;
		}
		return this.refused ? FinishReason.REFUSAL : FinishReason.STOP;
	}

	private FinishReason incomplete(@Nullable String reason) {
		if (reason == null) {
			return FinishReason.UNKNOWN;
		}
		return switch (reason) {
			case "max_output_tokens" -> this.refused ? FinishReason.REFUSAL : FinishReason.LENGTH;
			case "content_filter" -> FinishReason.CONTENT_FILTER;
			default -> FinishReason.OTHER;
		};
	}

}
