package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.Tool;
import org.jspecify.annotations.Nullable;

/**
 * How many tokens a request is expected to take, before the provider has counted them.
 *
 * @param prompt the tokens of the prompt
 * @param maxAnswer the most tokens of the answer, or {@code null} if the request does not
 * say
 */
record TokenEstimate(long prompt, @Nullable Integer maxAnswer) {

	/** What a token has in English; of other languages it has fewer. */
	private static final int CHARACTERS_OF_TOKEN = 4;

	/** About what providers count for an image of common size. */
	private static final int TOKENS_OF_IMAGE = 1000;

	/**
	 * Estimate the tokens of a request.
	 * @param request the request
	 * @param samples the number of answers that are asked for
	 */
	static TokenEstimate of(InferenceRequest request, int samples) {
		long characters = 0;
		for (ChatMessage message : request.prompt().messages()) {
			for (ContentPart part : message.parts()) {
				characters += characters(part);
			}
		}
		if (request.parameters().tools() != null) {
			for (Tool tool : request.parameters().tools()) {
				characters += tool.name().length() + tool.parameters().text().length()
						+ ((tool.description() != null) ? tool.description().length() : 0);
			}
		}
		Integer maxTokens = request.parameters().maxTokens();
		return new TokenEstimate(characters / CHARACTERS_OF_TOKEN + 1,
				(maxTokens != null) ? (int) Math.min((long) maxTokens * samples, Integer.MAX_VALUE) : null);
	}

	/**
	 * Estimate the tokens of texts that are not answered with tokens.
	 */
	static TokenEstimate of(List<String> texts) {
		long characters = texts.stream().mapToLong(String::length).sum();
		return new TokenEstimate(characters / CHARACTERS_OF_TOKEN + texts.size(), 0);
	}

	private static int characters(ContentPart part) {
		if (part instanceof ContentPart.Text text) {
			return text.text().length();
		}
		if (part instanceof ContentPart.ToolCall call) {
			return call.name().length() + call.arguments().length();
		}
		if (part instanceof ContentPart.ToolResult result) {
			return result.content().length();
		}
		if (part instanceof ContentPart.Reasoning reasoning) {
			return reasoning.text().length();
		}
		return TOKENS_OF_IMAGE * CHARACTERS_OF_TOKEN;
	}

	/**
	 * Return the tokens of the prompt and the longest answer, which is what providers
	 * count before they know better.
	 */
	long longest() {
		return this.prompt + ((this.maxAnswer != null) ? Math.max(0, this.maxAnswer) : 0);
	}

	/**
	 * Return the tokens of the prompt and of an answer as long as the last ones were.
	 * @param usualAnswer how long they were, or {@code null} if there were none
	 */
	long likely(@Nullable Double usualAnswer) {
		return (usualAnswer == null) ? longest() : this.prompt + ((this.maxAnswer != null)
				? Math.min(Math.max(0, this.maxAnswer), usualAnswer.longValue()) : usualAnswer.longValue());
	}

}
