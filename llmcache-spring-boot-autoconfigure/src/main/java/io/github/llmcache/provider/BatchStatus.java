package io.github.llmcache.provider;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a batch gets on.
 *
 * @param state its state
 * @param answered how many of its requests have been answered, as far as the provider
 * says
 * @param processed how many of its requests have been answered or have failed, as far as
 * the provider says
 * @param endedAt when it ended, or {@code null} if it has not or the provider does not
 * say
 * @param results the paths of the files of results below the provider's base URL; those
 * of answers before those of errors
 * @param failure why the whole batch failed, or {@code null} if it did not
 */
public record BatchStatus(State state, long answered, long processed, @Nullable Instant endedAt, List<String> results,
		ProviderProtocol.@Nullable ErrorBody failure) {

	public BatchStatus {
		results = List.copyOf(results);
	}

	/**
	 * The state of a batch.
	 */
	public enum State {

		/** Its requests are being answered, or nothing has begun. */
		UNDER_WAY,

		/** All its requests have results. */
		ENDED,

		/** The time for it is over. What was answered by then has results. */
		EXPIRED,

		/** Somebody has cancelled it. What was answered by then has results. */
		CANCELLED,

		/** It was given up as a whole. */
		FAILED

	}

}
