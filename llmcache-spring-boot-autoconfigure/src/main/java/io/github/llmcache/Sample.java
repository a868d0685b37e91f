package io.github.llmcache;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One answer of a model to a request.
 *
 * @param message the message with its parts in the model's order: reasoning, text, tool
 * calls
 * @param finishReason why the model stopped
 * @param nativeFinishReason the provider's own word for it, or {@code null} if it gave
 * none
 * @param logprobs the provider's log probabilities, or {@code null} if it gave none
 */
public record Sample(ChatMessage message, FinishReason finishReason, @Nullable String nativeFinishReason,
		@Nullable RawJson logprobs) {

	public Sample {
		Objects.requireNonNull(message, "'message' must not be null");
		Objects.requireNonNull(finishReason, "'finishReason' must not be null");
	}

	/**
	 * Return the text of the answer.
	 * @return the text, empty if the model only called tools
	 */
	public String text() {
		return this.message.text();
	}

}
