package io.github.llmcache.metrics;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * {@link Observation.Context} of a {@linkplain LlmCacheObservation#REQUEST request}. What
 * it gives access to holds prompts and answers: whoever makes keys of it decides that
 * they are told.
 */
public class RequestObservationContext extends Observation.Context {

	private final InferenceRequest request;

	private String modelTag;

	private @Nullable InferenceResponse response;

	/**
	 * Create the context.
	 * @param request the request
	 * @param modelTag what stands for its model where only so many may be told apart
	 */
	public RequestObservationContext(InferenceRequest request, String modelTag) {
		this.request = request;
		this.modelTag = modelTag;
	}

	/**
	 * Return the request.
	 * @return the request
	 */
	public InferenceRequest getRequest() {
		return this.request;
	}

	/**
	 * Return what stands for the model where only so many may be told apart.
	 * @return the model's id, or {@code (other)}
	 */
	public String getModelTag() {
		return this.modelTag;
	}

	/**
	 * Return the response.
	 * @return the response, or {@code null} if there is none yet or the request failed
	 */
	public @Nullable InferenceResponse getResponse() {
		return this.response;
	}

	void ended(@Nullable InferenceResponse response, String modelTag) {
		this.response = response;
		this.modelTag = modelTag;
	}

}
