package io.github.llmcache.benchmarks.workload;

import io.github.llmcache.InferenceRequest;

/**
 * A request and the body of its response.
 *
 * @param request the request
 * @param body the body of the response, in the protocol of OpenAI
 */
public record Exchange(InferenceRequest request, byte[] body) {
}
