package io.github.llmcache.inference;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.FinishReason;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.provider.Shares;
import io.github.llmcache.provider.TextAnswer;
import io.github.llmcache.provider.TextAnswers;
import io.github.llmcache.provider.WireResponse;
import org.jspecify.annotations.Nullable;

/**
 * Makes of the answers to the texts of one call what is stored of each.
 */
final class TextResponses {

	private TextResponses() {
	}

	/**
	 * Return what is stored.
	 * @param answers the answers
	 * @param texts the texts of the call
	 * @param response the response of the call
	 * @param costNanos what the call has cost in billionths of a US dollar, or
	 * {@code null} if that is not known; the texts share it
	 * @param at when the call was answered
	 * @return what is stored, in the order of the texts
	 */
	static List<CachedResponse> of(TextAnswers<?> answers, List<String> texts, WireResponse response,
			@Nullable Long costNanos, Instant at) {
		long[] costs = Shares.of((costNanos != null) ? costNanos : 0, weights(answers, texts));
		Instant createdAt = at.truncatedTo(ChronoUnit.MILLIS);
		List<CachedResponse> responses = new ArrayList<>(texts.size());
		for (int i = 0; i < texts.size(); i++) {
			TextAnswer<?> answer = answers.answers().get(i);
			Long share = (costNanos != null) ? Long.valueOf(costs[i]) : null;
			responses.add(new CachedResponse(answer.body(), 1, answer.inputTokens(), 0, share, FinishReason.STOP.name(),
					createdAt, response.duration(), response.requestId()));
		}
		return responses;
	}

	private static long[] weights(TextAnswers<?> answers, List<String> texts) {
		return (answers.usage() != null) ? answers.answers().stream().mapToLong(TextAnswer::inputTokens).toArray()
				: texts.stream().mapToLong(String::length).toArray();
	}

}
