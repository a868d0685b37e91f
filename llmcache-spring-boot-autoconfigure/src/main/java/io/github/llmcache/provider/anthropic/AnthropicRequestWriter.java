package io.github.llmcache.provider.anthropic;

import java.util.List;
import java.util.Map;

import io.github.llmcache.InferenceParameters;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.RawJson;
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
final class AnthropicRequestWriter {

	static final String MESSAGES = "messages";

	private static final String MAX_TOKENS = "max_tokens";

	private static final String OUTPUT_CONFIG = "output_config";

	private static final Map<String, String> RESERVED = Map.of("model", "it is the request's model", MESSAGES,
			"they are the request's prompt", "stream", "answers are not streamed", "n", WireRequests.NUMBER_OF_SAMPLES);

	private final InferenceRequest request;

	private final ProviderDefinition provider;

	private final ObjectNode body = WireJson.NODES.objectNode();

	AnthropicRequestWriter(InferenceRequest request, ProviderDefinition provider) {
		this.request = request;
		this.provider = provider;
	}

	ObjectNode write() {
		InferenceParameters parameters = this.request.parameters();
		WireRequests.rejectParameter(this.provider, "seed", parameters.seed());
		WireRequests.rejectParameter(this.provider, "logprobs", parameters.topLogprobs());
		WireRequests.rejectParameter(this.provider, "logitBias", parameters.logitBias());
		this.body.put("model", this.request.model());
		maxTokens(parameters);
		new AnthropicMessageWriter(this.provider).write(this.request.prompt(), this.body);
		number("temperature", parameters.temperature());
		number("top_p", parameters.topP());
		WireRequests.setStrings(this.body, "stop_sequences", parameters.stop());
		tools(parameters.tools());
		toolChoice(parameters.toolChoice());
		reasoning(parameters.reasoning());
		responseFormat(parameters.responseFormat());
		WireRequests.addAdditional(this.body, this.request, this.provider, RESERVED);
		return this.body;
	}

	private void maxTokens(InferenceParameters parameters) {
		if (parameters.maxTokens() != null) {
			this.body.put(MAX_TOKENS, parameters.maxTokens());
		}
		else if (!parameters.additional().containsKey(MAX_TOKENS)) {
			ReasoningOptions reasoning = parameters.reasoning();
			Integer budget = (reasoning != null) ? reasoning.budgetTokens() : null;
			this.body.put(MAX_TOKENS,
					AnthropicMessagesProtocol.DEFAULT_MAX_TOKENS + ((budget != null) ? budget.longValue() : 0));
		}
	}

	private void number(String name, @Nullable Number value) {
		WireRequests.setNumber(this.body, name, value, this.provider);
	}

	private void tools(@Nullable List<Tool> tools) {
		if (tools != null) {
			ArrayNode array = this.body.putArray("tools");
			for (int i = 0; i < tools.size(); i++) {
				Tool tool = tools.get(i);
				ObjectNode object = array.addObject().put("name", tool.name());
				if (tool.description() != null) {
					object.put("description", tool.description());
				}
				object.set("input_schema",
						WireJson.readObject(tool.parameters(), "tools[" + i + "].parameters", this.provider));
				if (tool.strict() != null) {
					object.put("strict", tool.strict());
				}
			}
		}
	}

	private void toolChoice(@Nullable ToolChoice toolChoice) {
		if (toolChoice != null) {
			ObjectNode object = this.body.putObject("tool_choice");
			switch (toolChoice.mode()) {
				case AUTO -> object.put("type", "auto");
				case NONE -> object.put("type", "none");
				case REQUIRED -> object.put("type", "any");
				case TOOL -> object.put("type", "tool").put("name", toolChoice.toolName());
			}
		}
	}

	private void reasoning(@Nullable ReasoningOptions reasoning) {
		if (reasoning == null) {
			return;
		}
		ObjectNode thinking = this.body.putObject("thinking");
		if (!reasoning.enabled()) {
			thinking.put("type", "disabled");
			return;
		}
		if (reasoning.budgetTokens() != null) {
			thinking.put("type", "enabled").put("budget_tokens", reasoning.budgetTokens());
		}
		else {
			thinking.put("type", "adaptive");
		}
		if (reasoning.effort() != null) {
			outputConfig().put("effort", reasoning.effort());
		}
	}

	private void responseFormat(@Nullable ResponseFormat responseFormat) {
		// Free text is what the model answers without a format
		if (responseFormat == null || responseFormat.type() == ResponseFormat.Type.TEXT) {
			return;
		}
		RawJson schema = responseFormat.schema();
		if (schema == null) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'anthropic' has no response format for any JSON object, only for a JSON schema");
		}
		outputConfig().putObject("format")
			.put("type", "json_schema")
			.set("schema", WireJson.readObject(schema, "responseFormat.schema", this.provider));
	}

	private ObjectNode outputConfig() {
		return (this.body.get(OUTPUT_CONFIG) instanceof ObjectNode object) ? object
				: this.body.putObject(OUTPUT_CONFIG);
	}

}
