package io.github.llmcache.actuate.endpoint;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpointWebExtension.ExplanationDescriptor;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Explains misses over HTTP. It shows parts of prompts only if that is allowed.
 * Thread-safe.
 */
public final class ExplainOperation {

	private final InferenceRequestReader reader = new InferenceRequestReader();

	private final InferenceApi inferenceApi;

	private final boolean showValues;

	/**
	 * Create the operation.
	 * @param inferenceApi explains
	 * @param showValues whether parts of prompts may be shown
	 */
	public ExplainOperation(InferenceApi inferenceApi, boolean showValues) {
		this.inferenceApi = inferenceApi;
		this.showValues = showValues;
	}

	WebEndpointResponse<ExplanationDescriptor> explain(String request) {
		try {
			InferenceRequest read = this.reader.read(request);
			MissExplanation explanation = this.inferenceApi.explain(read);
			return new WebEndpointResponse<>(
					ExplanationDescriptor.of(this.showValues ? explanation : explanation.withoutValues()));
		}
		catch (IllegalArgumentException | InferenceException ex) {
			return new WebEndpointResponse<>(ExplanationDescriptor.of(ex), WebEndpointResponse.STATUS_BAD_REQUEST);
		}
	}

}
