package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One response of a provider as it is kept in an entry: the body unchanged, beside it
 * what the body does not say.
 *
 * @param body the response body, byte for byte. Shared, not copied: nobody may change it
 * @param samples how many samples (choices) the body holds that are worth keeping
 * @param inputTokens the tokens of the prompt
 * @param outputTokens the tokens of the answer
 * @param costNanos what the call had cost, in billionths of a US dollar, or {@code null}
 * if the price was unknown
 * @param finishReason the name of the first such sample's finish reason
 * @param createdAt when the provider answered, to the millisecond
 * @param duration how long the provider took, to the millisecond
 * @param requestId the provider's identifier of the call, or {@code null}
 */
public record CachedResponse(byte[] body, int samples, long inputTokens, long outputTokens, @Nullable Long costNanos,
		String finishReason, Instant createdAt, Duration duration, @Nullable String requestId) {

	public CachedResponse {
		Objects.requireNonNull(body, "'body' must not be null");
		Objects.requireNonNull(finishReason, "'finishReason' must not be null");
		Objects.requireNonNull(createdAt, "'createdAt' must not be null");
		Objects.requireNonNull(duration, "'duration' must not be null");
		if (samples < 1) {
			throw new IllegalArgumentException("A response has at least one sample");
		}
	}

	/**
	 * Return the part of something that some of the samples have. All samples share it
	 * alike; what cannot be divided goes to the first of them, so that the parts add up.
	 * @param whole what all samples share, such as tokens or a cost; not negative
	 * @param from the first of the samples, from 0
	 * @param to the sample after the last one
	 * @return the part
	 */
	public long share(long whole, int from, int to) {
		long rest = whole % this.samples;
		return whole / this.samples * (to - from) + Math.min(to, rest) - Math.min(from, rest);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof CachedResponse response && Arrays.equals(this.body, response.body)
				&& this.samples == response.samples && this.inputTokens == response.inputTokens
				&& this.outputTokens == response.outputTokens && Objects.equals(this.costNanos, response.costNanos)
				&& this.finishReason.equals(response.finishReason) && this.createdAt.equals(response.createdAt)
				&& this.duration.equals(response.duration) && Objects.equals(this.requestId, response.requestId);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.body);
	}

	@Override
	public String toString() {
		return "CachedResponse[" + this.body.length + " bytes, samples=" + this.samples + ", createdAt="
				+ this.createdAt + "]";
	}

}
