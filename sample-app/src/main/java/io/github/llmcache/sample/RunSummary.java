package io.github.llmcache.sample;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking many questions.
 *
 * @param name the name of the run
 * @param requests the number of requests
 * @param hits how many were not answered by a provider
 * @param misses how many were answered by a provider
 * @param failures how many were not answered
 * @param providerCalls how many calls the provider got
 * @param time how long it took
 * @param spent dollars spent, or {@code null} if a price is unknown
 * @param saved dollars saved, or {@code null} if a price is unknown
 */
record RunSummary(String name, int requests, int hits, int misses, int failures, long providerCalls, Duration time,
		@Nullable BigDecimal spent, @Nullable BigDecimal saved) {

	/**
	 * Summarise a run.
	 * @param name the name of the run
	 * @param results the results
	 * @param providerCalls how many calls the provider has counted, or {@code null} if it
	 * does not tell: then they are the responses that came from it
	 * @param time how long it took
	 * @return the summary
	 */
	static RunSummary of(String name, List<InferenceResult> results, @Nullable Long providerCalls, Duration time) {
		List<InferenceResponse> responses = results.stream()
			.map(InferenceResult::response)
			.filter(Objects::nonNull)
			.toList();
		int misses = (int) responses.stream().filter((response) -> response.source() == Source.PROVIDER).count();
		return new RunSummary(name, results.size(), responses.size() - misses, misses,
				results.size() - responses.size(), (providerCalls != null) ? providerCalls : misses, time,
				sum(responses, InferenceResponse::cost), sum(responses, InferenceResponse::savedCost));
	}

	private static @Nullable BigDecimal sum(List<InferenceResponse> responses,
			Function<InferenceResponse, @Nullable BigDecimal> dollars) {
		BigDecimal sum = BigDecimal.ZERO;
		for (InferenceResponse response : responses) {
			BigDecimal part = dollars.apply(response);
			if (part == null) {
				return null;
			}
			sum = sum.add(part);
		}
		return sum;
	}

}
