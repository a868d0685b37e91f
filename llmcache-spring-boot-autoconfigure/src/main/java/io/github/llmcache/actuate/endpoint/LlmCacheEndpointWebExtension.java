package io.github.llmcache.actuate.endpoint;

import java.util.List;

import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.NearEntry;
import io.github.llmcache.MissExplanation.Outcome;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint.ModelDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} of {@link LlmCacheEndpoint} with
 * what there is over HTTP only: explanations of misses, and the web page. It shows
 * prompts and answers only if that is allowed.
 */
@EndpointWebExtension(endpoint = LlmCacheEndpoint.class)
public class LlmCacheEndpointWebExtension {

	private static final String EXPLAIN = "explain";

	private static final String UI = "ui";

	private final LlmCacheEndpoint endpoint;

	private final @Nullable ExplainOperation explain;

	private final @Nullable LlmCacheUi ui;

	/**
	 * Create the extension.
	 * @param endpoint the endpoint
	 * @param explain explains misses, or {@code null} if that is not allowed
	 * @param ui the web page, or {@code null} if there is none
	 */
	public LlmCacheEndpointWebExtension(LlmCacheEndpoint endpoint, @Nullable ExplainOperation explain,
			@Nullable LlmCacheUi ui) {
		this.endpoint = endpoint;
		this.explain = explain;
		this.ui = ui;
	}

	/**
	 * Describe a model, as {@link LlmCacheEndpoint#model(String...)}, or answer the web
	 * page if it is there and the path begins with {@code ui}. All parameters but the
	 * path are the page's.
	 * @param path the segments of the path. It is an object because a parameter of the
	 * query takes the place of the path if it has the same name, and is a text or a list
	 * @param model the model's id, or {@code null}
	 * @param namespace the namespace, or {@code null}
	 * @param olderThan the age from which entries are meant, or {@code null}
	 * @param newerThan the age up to which entries are meant, or {@code null}
	 * @param finishReason the name of the first sample's finish reason, or {@code null}
	 * @param key the first hexadecimal digits of the key, or {@code null}
	 * @param order which entries come first, or {@code null}
	 * @param limit how many entries to list at most, or {@code null}
	 * @return the description, or what the page asks for; 404 if there is none
	 */
	@ReadOperation
	public WebEndpointResponse<Object> read(@Selector(match = Match.ALL_REMAINING) Object path, @Nullable String model,
			@Nullable String namespace, @Nullable String olderThan, @Nullable String newerThan,
			@Nullable String finishReason, @Nullable String key, @Nullable String order, @Nullable String limit) {
		if (!(path instanceof String[] segments)) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		if (this.ui != null && segments.length > 0 && segments[0].equals(UI)) {
			return this.ui.answer(List.of(segments).subList(1, segments.length),
					new UiQuery(model, namespace, olderThan, newerThan, finishReason, key, order, limit));
		}
		ModelDescriptor described = this.endpoint.model(segments);
		return (described != null) ? new WebEndpointResponse<>(described)
				: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

	/**
	 * Explain whether a request would be answered from the cache, and if not, why.
	 * @param operation {@code explain}; there is no other
	 * @param request the request as the text of a JSON object. It is a text because the
	 * Actuator passes on texts and numbers only
	 * @return the explanation; 400 if the request cannot be read or sent, 404 for another
	 * operation, and if explaining is not allowed
	 */
	@WriteOperation
	public WebEndpointResponse<ExplanationDescriptor> explain(@Selector String operation, String request) {
		if (this.explain == null || !operation.equals(EXPLAIN)) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		return this.explain.explain(request);
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
			@Nullable String reason, @Nullable Long compared,
			@Nullable List<NearEntry> nearest) implements OperationResponseBody {

		static ExplanationDescriptor of(MissExplanation explanation) {
			return new ExplanationDescriptor(null, explanation.model(), explanation.outcome(), explanation.reason(),
					explanation.compared(), explanation.nearest());
		}

		static ExplanationDescriptor of(RuntimeException ex) {
			return new ExplanationDescriptor(ex.getMessage(), null, null, null, null, null);
		}

	}

}
