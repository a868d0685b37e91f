package io.github.llmcache.provider.openai;

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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the body of one request.
 */
final class OpenAiRequestWriter {

	static final String MESSAGES = "messages";

	static final String N = "n";

	/** The maximum of the API reference. */
	static final int MAX_N = 128;

	private static final String NO_STREAM = "answers are not streamed";

	private static final Map<String, String> RESERVED = Map.of("model", "it is the request's model", MESSAGES,
			"they are the request's prompt", "stream", NO_STREAM, "stream_options", NO_STREAM, N,
			WireRequests.NUMBER_OF_SAMPLES);

	private final InferenceRequest request;

	private final ProviderDefinition provider;

	private final ObjectNode body = WireJson.NODES.objectNode();

	OpenAiRequestWriter(InferenceRequest request, ProviderDefinition provider) {
		this.request = request;
		this.provider = provider;
	}

	ObjectNode write() {
		InferenceParameters parameters = this.request.parameters();
		this.body.put("model", this.request.model());
		this.body.set(MESSAGES, new OpenAiMessageWriter(this.provider).write(this.request.prompt()));
		number("temperature", parameters.temperature());
		number("top_p", parameters.topP());
		number(this.provider.maxTokensParameter(), parameters.maxTokens());
		WireRequests.setStrings(this.body, "stop", parameters.stop());
		number("seed", parameters.seed());
		logprobs(parameters.topLogprobs());
		OpenAiLogitBias.write(parameters.logitBias(), this.body, this.provider);
		tools(parameters.tools());
		toolChoice(parameters.toolChoice());
		responseFormat(parameters.responseFormat());
		reasoning(parameters.reasoning());
		WireRequests.addAdditional(this.body, this.request, this.provider, RESERVED);
		return this.body;
	}

	private void number(String name, @Nullable Number value) {
		WireRequests.setNumber(this.body, name, value, this.provider);
	}

	private void logprobs(@Nullable Integer topLogprobs) {
		if (topLogprobs != null) {
			this.body.put("logprobs", true);
			if (topLogprobs != 0) {
				this.body.put("top_logprobs", topLogprobs);
			}
		}
	}

	private void tools(@Nullable List<Tool> tools) {
		if (tools != null) {
			ArrayNode array = this.body.putArray("tools");
			for (int i = 0; i < tools.size(); i++) {
				OpenAiFunction.write(tools.get(i), "tools[" + i + "]",
						array.addObject().put("type", "function").putObject("function"), this.provider);
			}
		}
	}

	private void toolChoice(@Nullable ToolChoice toolChoice) {
		if (toolChoice != null) {
			switch (toolChoice.mode()) {
				case AUTO -> this.body.put("tool_choice", "auto");
				case NONE -> this.body.put("tool_choice", "none");
				case REQUIRED -> this.body.put("tool_choice", "required");
				case TOOL -> this.body.putObject("tool_choice")
					.put("type", "function")
					.putObject("function")
					.put("name", toolChoice.toolName());
			}
		}
	}

	private void responseFormat(@Nullable ResponseFormat responseFormat) {
		if (responseFormat != null) {
			ObjectNode object = this.body.putObject("response_format");
			switch (responseFormat.type()) {
				case TEXT -> object.put("type", "text");
				case JSON_OBJECT -> object.put("type", "json_object");
				case JSON_SCHEMA -> OpenAiSchema.write(responseFormat,
						object.put("type", "json_schema").putObject("json_schema"), this.provider);
			}
		}
	}

	/**
	 * The levels are those of the API reference, {@code none} among them.
	 */
	private void reasoning(@Nullable ReasoningOptions reasoning) {
		if (reasoning == null) {
			return;
		}
		if (reasoning.budgetTokens() != null) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'openai' has no budget of reasoning tokens; set an effort, or what the provider has for "
							+ "it, such as OpenRouter's parameter(\"reasoning\", Map.of(\"max_tokens\", …))");
		}
		if (!reasoning.enabled()) {
			this.body.put("reasoning_effort", "none");
			return;
		}
		if (reasoning.effort() == null) {
			throw ProviderErrors.invalidRequest(this.provider, "protocol 'openai' needs an effort to enable reasoning");
		}
		this.body.put("reasoning_effort", reasoning.effort());
	}

}
