package io.github.llmcache.provider.gemini;

import io.github.llmcache.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * Maps the reasons for the end of an answer.
 */
final class GeminiFinishReasons {

	private GeminiFinishReasons() {
	}

	static FinishReason of(@Nullable String reason) {
		if (reason == null) {
			return FinishReason.UNKNOWN;
		}
		return switch (reason) {
			case "", "FINISH_REASON_UNSPECIFIED" -> FinishReason.UNKNOWN;
			case "STOP" -> FinishReason.STOP;
			case "MAX_TOKENS" -> FinishReason.LENGTH;
			case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
					"IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION" ->
				FinishReason.CONTENT_FILTER;
			// OTHER is Gemini's word for having stopped for a reason that it does not
			// give
			case "OTHER", "IMAGE_OTHER", "NO_IMAGE", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL",
					"TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE", "MALFORMED_RESPONSE" ->
				FinishReason.ERROR;
			default -> FinishReason.OTHER;
		};
	}

}
