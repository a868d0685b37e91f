package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * What became of one of many requests: a response or a failure.
 *
 * @param request the request
 * @param response the response, or {@code null} if the request failed
 * @param failure the failure, or {@code null} if there is a response
 */
public record InferenceResult(InferenceRequest request, @Nullable InferenceResponse response,
		@Nullable InferenceException failure) {

	public InferenceResult {
		if ((response == null) == (failure == null)) {
			throw new IllegalArgumentException("A result is either a response or a failure");
		}
	}

	/**
	 * Return whether there is a response.
	 * @return whether the request was answered
	 */
	public boolean succeeded() {
		return this.response != null;
	}

	/**
	 * Return the response or throw the failure.
	 * @return the response
	 * @throws InferenceException if the request failed
	 */
	public InferenceResponse orElseThrow() {
		if (this.response != null) {
			return this.response;
		}
		throw (this.failure != null) ? this.failure : new IllegalStateException();
	}

}
