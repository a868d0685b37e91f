package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How large an entry may be, and what it may say. Every store refuses anything else, so
 * that no entry is stored that could not be read again, and nothing that is read makes a
 * sum overflow.
 *
 * @param bytes the most bytes that the bodies of an entry may have
 */
public record EntryLimit(long bytes) {

	/** More than any sensible number of samples has. */
	public static final int MAX_RESPONSES = 4096;

	/** More than anybody gets for one request. */
	private static final int MAX_SAMPLES = 1_000_000;

	/**
	 * Tokens, or a million dollars in billionths: more than a call takes. Of all
	 * responses that an entry may have, they fit into a long.
	 */
	private static final long MAX_AMOUNT = 1_000_000_000_000_000L;

	private static final Instant MIN_CREATED_AT = Instant.parse("0001-01-01T00:00:00Z");

	private static final Instant MAX_CREATED_AT = Instant.parse("9999-12-31T23:59:59.999Z");

	private static final Duration MAX_DURATION = Duration.ofDays(3653);

	/**
	 * Make sure that responses are small enough for an entry.
	 * @param responses the responses
	 * @throws CacheStoreException if they are larger than an entry may be
	 */
	public void check(List<CachedResponse> responses) {
		if (!allows(responses)) {
			throw new CacheStoreException("An entry of " + bodies(responses) + " bytes in " + responses.size()
					+ " responses is larger than llmcache.max-entry-size (" + this.bytes + " bytes)", null);
		}
		if (!isPlausible(responses)) {
			throw new CacheStoreException("An entry has a time, a cost or a number that is out of range", null);
		}
	}

	/**
	 * Return whether responses are small enough for an entry.
	 * @param responses the responses
	 * @return whether an entry may have them
	 */
	public boolean allows(List<CachedResponse> responses) {
		return bodies(responses) <= this.bytes && responses.size() <= MAX_RESPONSES;
	}

	/**
	 * Return whether what is said of responses can be true.
	 * @param responses the responses
	 * @return whether an entry may have them
	 */
	public boolean isPlausible(List<CachedResponse> responses) {
		long samples = 0;
		for (CachedResponse response : responses) {
			samples += response.samples();
			if (!isPlausible(response)) {
				return false;
			}
		}
		return samples <= MAX_SAMPLES;
	}

	private static boolean isPlausible(CachedResponse response) {
		Long costNanos = response.costNanos();
		Instant createdAt = response.createdAt();
		return isAmount(response.inputTokens()) && isAmount(response.outputTokens())
				&& (costNanos == null || isAmount(costNanos)) && !createdAt.isBefore(MIN_CREATED_AT)
				&& !createdAt.isAfter(MAX_CREATED_AT) && !response.duration().isNegative()
				&& response.duration().compareTo(MAX_DURATION) <= 0;
	}

	private static boolean isAmount(long amount) {
		return amount >= 0 && amount <= MAX_AMOUNT;
	}

	private static long bodies(List<CachedResponse> responses) {
		return responses.stream().mapToLong((response) -> response.body().length).sum();
	}

}
