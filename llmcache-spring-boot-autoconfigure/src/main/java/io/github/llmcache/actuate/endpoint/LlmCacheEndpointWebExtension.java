package io.github.llmcache.actuate.endpoint;

import java.util.List;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.NearEntry;
import io.github.llmcache.MissExplanation.Outcome;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} of {@link LlmCacheEndpoint} that
 * explains misses over HTTP. It shows parts of prompts only if that is allowed.
 */
@EndpointWebExtension(endpoint = LlmCacheEndpoint.class)
public class LlmCacheEndpointWebExtension {

	private static final String EXPLAIN = "explain";

	private final InferenceRequestReader reader = new InferenceRequestReader();

	private final InferenceApi inferenceApi;

	private final boolean showValues;

	/**
	 * Create the extension.
	 * @param inferenceApi explains
	 * @param showValues whether parts of prompts may be shown
	 */
	public LlmCacheEndpointWebExtension(InferenceApi inferenceApi, boolean showValues) {
		this.inferenceApi = inferenceApi;
		this.showValues = showValues;
	}

	/**
	 * Explain whether a request would be answered from the cache, and if not, why.
	 * @param operation {@code explain}; there is no other
	 * @param request the request as the text of a JSON object. It is a text because the
	 * Actuator passes on texts and numbers only
	 * @return the explanation; 400 if the request cannot be read or sent, 404 for another
	 * operation
	 */
	@WriteOperation
	public WebEndpointResponse<ExplanationDescriptor> explain(@Selector String operation, String request) {
		if (!operation.equals(EXPLAIN)) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
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

	/**
	 * Description of what becomes of a request.
	 *
	 * @param error what is wrong with the request, or {@code null} if it can be explained
	 * @param model the model's id, or {@code null} if there is an error, like all that
	 * follows
	 * @param outcome what a lookup comes to
	 * @param reason the same for people
	 * @param compared how many entries of the model the request was compared with
	 * @param nearest the entries that come nearest to it
	 */
	public record ExplanationDescriptor(@Nullable String error, @Nullable String model, @Nullable Outcome outcome,
			@Nullable String reason, @Nullable Long compared, @Nullable List<NearEntry> nearest) {

		static ExplanationDescriptor of(MissExplanation explanation) {
			return new ExplanationDescriptor(null, explanation.model(), explanation.outcome(), explanation.reason(),
					explanation.compared(), explanation.nearest());
		}

		static ExplanationDescriptor of(RuntimeException ex) {
			return new ExplanationDescriptor(ex.getMessage(), null, null, null, null, null);
		}

	}

}
