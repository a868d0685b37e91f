package io.github.llmcache.provider;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What the headers of a response say of the provider's own limits, when the request had
 * been counted.
 *
 * @param requests what is left of the requests, or {@code null} if it does not say
 * @param tokens what is left of the tokens of prompts and answers, or {@code null}
 * @param inputTokens what is left of the tokens of prompts, or {@code null}
 * @param outputTokens what is left of the tokens of answers, or {@code null}
 */
public record RateLimitStatus(@Nullable Remaining requests, @Nullable Remaining tokens, @Nullable Remaining inputTokens,
		@Nullable Remaining outputTokens) {

	/** Nothing is known. */
	public static final RateLimitStatus UNKNOWN = new RateLimitStatus(null, null, null, null);

	/**
	 * What is left of one limit.
	 *
	 * @param limit the most that there can be, positive
	 * @param remaining what is left, from 0 to the limit
	 * @param untilFull the time after which there is as much as the limit if no more is
	 * used, or {@code null} if the provider does not say. Not negative
	 */
	public record Remaining(long limit, long remaining, @Nullable Duration untilFull) {
	}

}
