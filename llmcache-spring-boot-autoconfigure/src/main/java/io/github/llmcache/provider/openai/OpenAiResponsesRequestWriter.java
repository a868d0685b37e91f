package io.github.llmcache.provider.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.llmcache.InferenceParameters;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.ReasoningOptions;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolChoice;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequests;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the body of one request of the Responses API.
 */
final class OpenAiResponsesRequestWriter {

	static final String INPUT = "input";

	private static final String INCLUDE = "include";

	static final String STORE = "store";

	private static final String ENCRYPTED_REASONING = "reasoning.encrypted_content";

	private static final String LOGPROBS = "message.output_text.logprobs";

	private static final String NO_STREAM = "answers are not streamed";

	private static final Map<String, String> RESERVED = Map.of("model", "it is the request's model", INPUT,
			"it is the request's prompt", "stream", NO_STREAM, "stream_options", NO_STREAM, "n",
			WireRequests.NUMBER_OF_SAMPLES);

	private final InferenceRequest request;

	private final ProviderDefinition provider;

	private final ObjectNode body = WireJson.NODES.objectNode();

	OpenAiResponsesRequestWriter(InferenceRequest request, ProviderDefinition provider) {
		this.request = request;
		this.provider = provider;
	}

	ObjectNode write() {
		InferenceParameters parameters = this.request.parameters();
		WireRequests.rejectParameter(this.provider, "seed", parameters.seed());
		WireRequests.rejectParameter(this.provider, "stop", parameters.stop());
		WireRequests.rejectParameter(this.provider, "logitBias", parameters.logitBias());
		this.body.put("model", this.request.model());
		new OpenAiResponsesInputWriter(this.provider).write(this.request.prompt(), this.body);
		number("max_output_tokens", parameters.maxTokens());
		number("temperature", parameters.temperature());
		number("top_p", parameters.topP());
		topLogprobs(parameters.topLogprobs());
		tools(parameters.tools());
		toolChoice(parameters.toolChoice());
		responseFormat(parameters.responseFormat());
		reasoning(parameters.reasoning());
		if (!parameters.additional().containsKey(STORE)) {
			this.body.put(STORE, false);
		}
		WireRequests.addAdditional(this.body, this.request, this.provider, RESERVED);
		include(parameters);
		return this.body;
	}

	private void number(String name, @Nullable Number value) {
		WireRequests.setNumber(this.body, name, value, this.provider);
	}

	private void topLogprobs(@Nullable Integer topLogprobs) {
		if (topLogprobs != null && topLogprobs != 0) {
			this.body.put("top_logprobs", topLogprobs);
		}
	}

	private void tools(@Nullable List<Tool> tools) {
		if (tools != null) {
			ArrayNode array = this.body.putArray("tools");
			for (int i = 0; i < tools.size(); i++) {
				OpenAiFunction.write(tools.get(i), "tools[" + i + "]", array.addObject().put("type", "function"),
						this.provider);
			}
		}
	}

	private void toolChoice(@Nullable ToolChoice toolChoice) {
		if (toolChoice != null) {
			switch (toolChoice.mode()) {
				case AUTO -> this.body.put("tool_choice", "auto");
				case NONE -> this.body.put("tool_choice", "none");
				case REQUIRED -> this.body.put("tool_choice", "required");
				case TOOL ->
					this.body.putObject("tool_choice").put("type", "function").put("name", toolChoice.toolName());
			}
		}
	}

	private void responseFormat(@Nullable ResponseFormat responseFormat) {
		if (responseFormat != null) {
			ObjectNode format = this.body.putObject("text").putObject("format");
			switch (responseFormat.type()) {
				case TEXT -> format.put("type", "text");
				case JSON_OBJECT -> format.put("type", "json_object");
				case JSON_SCHEMA ->
					OpenAiSchema.write(responseFormat, format.put("type", "json_schema"), this.provider);
			}
		}
	}

	private void reasoning(@Nullable ReasoningOptions reasoning) {
		if (reasoning == null) {
			return;
		}
		if (reasoning.budgetTokens() != null) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'openai-responses' has no budget of reasoning tokens; set an effort");
		}
		if (reasoning.enabled() && reasoning.effort() == null) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'openai-responses' needs an effort to enable reasoning");
		}
		this.body.putObject("reasoning").put("effort", reasoning.enabled() ? reasoning.effort() : "none");
	}

	/**
	 * Ask for what is left out of an answer unless it is asked for. Models that do not
	 * reason reject the request if it asks for encrypted reasoning.
	 */
	private void include(InferenceParameters parameters) {
		List<String> wanted = new ArrayList<>(2);
		if (parameters.topLogprobs() != null) {
			wanted.add(LOGPROBS);
		}
		if (!parameters.additional().containsKey(INCLUDE) && !OpenAiState.isStored(this.body) && reasons()) {
			wanted.add(ENCRYPTED_REASONING);
		}
		if (wanted.isEmpty()) {
			return;
		}
		JsonNode given = this.body.path(INCLUDE);
		if (!WireJson.isAbsent(given) && !given.isArray()) {
			throw ProviderErrors.invalidRequest(this.provider, "parameter 'include' is not a list");
		}
		ArrayNode include = (given instanceof ArrayNode array) ? array : this.body.putArray(INCLUDE);
		for (String value : wanted) {
			if (include.valueStream().noneMatch((present) -> value.equals(WireJson.string(present)))) {
				include.add(value);
			}
		}
	}

	private boolean reasons() {
		JsonNode reasoning = this.body.path("reasoning");
		return reasoning.isObject() && !"none".equals(WireJson.string(reasoning.path("effort")))
				|| this.body.path(INPUT)
					.valueStream()
					.anyMatch((item) -> "reasoning".equals(WireJson.string(item.path("type"))));
	}

}
