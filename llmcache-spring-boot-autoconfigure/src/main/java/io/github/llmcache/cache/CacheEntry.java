package io.github.llmcache.cache;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

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
	 * Return the tokens of prompts and answers.
	 * @return the number of tokens
	 */
	long tokens() {
		long tokens = 0;
		for (CachedResponse response : this.responses) {
			tokens += response.inputTokens() + response.outputTokens();
		}
		return tokens;
	}

}
