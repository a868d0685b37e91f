package io.github.llmcache.provider.openai;

import io.github.llmcache.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * Maps the reasons of OpenAI and of compatible servers for the end of an answer.
 */
final class OpenAiFinishReasons {

	private OpenAiFinishReasons() {
	}

	static FinishReason of(@Nullable String reason) {
		if (reason == null || reason.isEmpty()) {
			return FinishReason.UNKNOWN;
		}
		return switch (reason) {
			// Together and Hugging Face: eos, eos_token, stop_sequence
			case "stop", "eos", "eos_token", "stop_sequence", "end_turn" -> FinishReason.STOP;
			// Mistral: model_length
			case "length", "max_tokens", "model_length" -> FinishReason.LENGTH;
			case "tool_calls", "function_call", "tool_use" -> FinishReason.TOOL_CALLS;
			case "content_filter" -> FinishReason.CONTENT_FILTER;
			case "refusal" -> FinishReason.REFUSAL;
			// OpenRouter; DeepSeek, when it ran out of resources; vLLM
			case "error", "insufficient_system_resource", "abort" -> FinishReason.ERROR;
			default -> FinishReason.OTHER;
		};
	}

}
