package io.github.llmcache.cache;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.SampleRange;
import org.jspecify.annotations.Nullable;

/**
 * What the cache keeps for one key.
 *
 * @param key the key
 * @param namespace the namespace that the key was made for
 * @param responses the provider's responses in the order in which they were made; at
 * least one. Usually one; more if samples were added
 * @param expiresAt when the entry expires, to the millisecond, or {@code null} for never
 * @param request what was asked; {@code null} if it is not stored, and when the entry was
 * looked up, for a hit does not need it
 */
public record CacheEntry(CacheKey key, String namespace, List<CachedResponse> responses, @Nullable Instant expiresAt,
		@Nullable RequestRecord request) {

	public CacheEntry {
		Objects.requireNonNull(key, "'key' must not be null");
		Objects.requireNonNull(namespace, "'namespace' must not be null");
		responses = List.copyOf(responses);
		if (responses.isEmpty()) {
			throw new IllegalArgumentException("An entry has at least one response");
		}
	}

	/**
	 * Return how many samples the entry holds.
	 * @return the number of samples of all responses
	 */
	public int samples() {
		return this.responses.stream().mapToInt(CachedResponse::samples).sum();
	}

	/**
	 * Return when the oldest response was made.
	 * @return the time
	 */
	public Instant createdAt() {
		return this.responses.get(0).createdAt();
	}

	/**
	 * Return what the responses had cost, as far as it is known.
	 * @return billionths of a US dollar
	 */
	public long costNanos() {
		long nanos = 0;
		for (CachedResponse response : this.responses) {
			Long costNanos = response.costNanos();
			nanos += (costNanos != null) ? costNanos : 0;
		}
		return nanos;
	}

	/**
	 * Return whether samples are there.
	 * @param wanted the samples
	 * @return whether the entry holds all of them
	 */
	boolean holds(SampleRange wanted) {
		return wanted.end() == 1 || wanted.end() <= samples();
	}

	/**
	 * Return what some of the samples had cost, as far as it is known.
	 * @param wanted the samples
	 * @return billionths of a US dollar
	 */
	long costNanos(SampleRange wanted) {
		return sum(wanted, (response, from, to) -> {
			Long costNanos = response.costNanos();
			return (costNanos != null) ? response.share(costNanos, from, to) : 0;
		});
	}

	/**
	 * Return the tokens of prompts and answers of some of the samples.
	 * @param wanted the samples
	 * @return the number of tokens
	 */
	long tokens(SampleRange wanted) {
		return sum(wanted, (response, from, to) -> response.share(response.inputTokens(), from, to)
				+ response.share(response.outputTokens(), from, to));
	}

	private long sum(SampleRange wanted, Share share) {
		long sum = 0;
		int index = 0;
		for (CachedResponse response : this.responses) {
			int from = Math.max(wanted.first() - index, 0);
			int to = Math.min(wanted.end() - index, response.samples());
			if (from < to) {
				sum += share.of(response, from, to);
			}
			index += response.samples();
		}
		return sum;
	}

	@FunctionalInterface
	private interface Share {

		long of(CachedResponse response, int from, int to);

	}

}
