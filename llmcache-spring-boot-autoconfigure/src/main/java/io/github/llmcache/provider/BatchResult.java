package io.github.llmcache.provider;

import io.github.llmcache.InferenceException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request of a batch: a response or a failure.
 *
 * @param customId what the request is known by
 * @param body the response body as an ordinary call would have got it, or {@code null} if
 * the request failed
 * @param requestId the provider's identifier of the call, or {@code null}
 * @param failure the failure, or {@code null} if there is a response
 */
public record BatchResult(String customId, byte @Nullable [] body, @Nullable String requestId,
		@Nullable InferenceException failure) {

	public BatchResult {
		if ((body == null) == (failure == null)) {
			throw new IllegalArgumentException("A result is either a response or a failure");
		}
	}

	/**
	 * Create the result of a request that was answered.
	 * @param customId what the request is known by
	 * @param body the response body
	 * @param requestId the provider's identifier of the call, or {@code null}
	 * @return the result
	 */
	public static BatchResult answered(String customId, byte[] body, @Nullable String requestId) {
		return new BatchResult(customId, body, requestId, null);
	}

	/**
	 * Create the result of a request that failed.
	 * @param customId what the request is known by
	 * @param failure the failure
	 * @return the result
	 */
	public static BatchResult failed(String customId, InferenceException failure) {
		return new BatchResult(customId, null, null, failure);
	}

	/**
	 * Describe the result without what it says.
	 */
	@Override
	public String toString() {
		return "BatchResult[customId=" + this.customId + ", answered=" + (this.body != null) + "]";
	}

}
