package io.github.llmcache;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request. A parameter that is {@code null} is not sent, which is not
 * the same as sending the provider's default: the two are different requests.
 *
 * @param temperature the sampling temperature
 * @param topP the nucleus sampling probability
 * @param maxTokens the most tokens to answer
 * @param stop the stop sequences
 * @param seed the seed for repeatable sampling
 * @param topLogprobs how many alternatives' log probabilities to return for each token, 0
 * for the chosen token only, {@code null} for none at all
 * @param logitBias the bias of tokens by their id
 * @param tools the tools that the model may call
 * @param toolChoice whether the model may, must or must not call tools
 * @param responseFormat the form of the answer
 * @param reasoning how much the model reasons
 * @param additional any other parameters by the name that they have in the provider's
 * request body. Values are {@code null}, {@link Boolean}, {@link Number}, {@link String},
 * {@link List}, {@link Map} or {@link RawJson}; copied, deeply
 */
public record InferenceParameters(@Nullable Double temperature, @Nullable Double topP, @Nullable Integer maxTokens,
		@Nullable List<String> stop, @Nullable Long seed, @Nullable Integer topLogprobs,
		@Nullable Map<String, Double> logitBias, @Nullable List<Tool> tools, @Nullable ToolChoice toolChoice,
		@Nullable ResponseFormat responseFormat, @Nullable ReasoningOptions reasoning,
		Map<String, @Nullable Object> additional) {

	/** No parameters. */
	public static final InferenceParameters NONE = new InferenceParameters(null, null, null, null, null, null, null,
			null, null, null, null, Map.of());

	public InferenceParameters {
		stop = (stop != null) ? List.copyOf(stop) : null;
		logitBias = (logitBias != null) ? Map.copyOf(logitBias) : null;
		tools = (tools != null) ? List.copyOf(tools) : null;
		additional = JsonValues.copyObject(additional);
	}

}
