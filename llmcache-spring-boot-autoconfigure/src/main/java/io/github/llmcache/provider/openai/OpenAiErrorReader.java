package io.github.llmcache.provider.openai;

import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.ProviderProtocol.ErrorBody;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads errors in the forms that OpenAI and compatible servers have for them.
 */
final class OpenAiErrorReader {

	private OpenAiErrorReader() {
	}

	/**
	 * Return whether a response, or one of its choices, is an error.
	 */
	static boolean isError(JsonNode node) {
		JsonNode error = node.path("error");
		return (error.isObject() && !error.isEmpty()) || (error.isString() && !error.stringValue().isBlank())
				|| "error".equals(WireJson.string(node.path("object")));
	}

	static ErrorBody read(JsonNode body) {
		if (body.isArray()) {
			// Gemini's compatible endpoint
			return read(body.path(0));
		}
		JsonNode error = body.path("error");
		if (error.isObject()) {
			return new ErrorBody(type(error), word(error.path("code")), WireJson.string(error.path("message")),
					requestId(body));
		}
		if (error.isString()) {
			// Ollama, Hugging Face: a text, and sometimes its type beside it
			String type = WireJson.string(body.path("error_type"));
			return new ErrorBody((type != null) ? type : WireJson.string(body.path("type")), word(body.path("code")),
					error.stringValue(), requestId(body));
		}
		// vLLM: the members of an error as members of the body; FastAPI: a detail
		String message = WireJson.string(body.path("message"));
		return new ErrorBody(type(body), word(body.path("code")), (message != null) ? message : detail(body),
				requestId(body));
	}

	private static @Nullable String type(JsonNode error) {
		String type = WireJson.string(error.path("type"));
		if (type == null && error.path("metadata").path("reasons").isArray()) {
			// OpenRouter, when a moderation holds the prompt back
			return ProviderErrors.MODERATION;
		}
		// Google's errors have their type in the status
		return (type != null) ? type : WireJson.string(error.path("status"));
	}

	private static @Nullable String detail(JsonNode body) {
		JsonNode detail = body.path("detail");
		return (detail.isContainer() && !detail.isEmpty()) ? WireJson.write(detail) : WireJson.string(detail);
	}

	/**
	 * OpenRouter and vLLM have the HTTP status as the code, and as a number.
	 */
	private static @Nullable String word(JsonNode code) {
		Long number = WireJson.count(code);
		return (number != null) ? number.toString() : WireJson.string(code);
	}

	private static @Nullable String requestId(JsonNode body) {
		return WireJson.string(body.path("request_id"));
	}

}
