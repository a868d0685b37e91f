package io.github.llmcache.inference;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;

/**
 * Is told of each response that a caller gets. Thread-safe.
 */
@FunctionalInterface
public interface ResponseListener {

	/** Is not interested. */
	ResponseListener NONE = (request, response) -> {
	};

	/**
	 * Called before the caller gets the response, on a thread that gets on with other
	 * requests only afterwards. Must not throw: the answer has been paid for.
	 * @param request the request
	 * @param response the response
	 */
	void answered(InferenceRequest request, InferenceResponse response);

}
