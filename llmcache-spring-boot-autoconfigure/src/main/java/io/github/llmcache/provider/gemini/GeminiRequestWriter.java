package io.github.llmcache.provider.gemini;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the body of one request.
 */
final class GeminiRequestWriter {

	private static final String GENERATION_CONFIG = "generationConfig";

	private static final Map<String, String> RESERVED = Map.of("model", "it is the request's model",
			GeminiMessageWriter.CONTENTS, "they are the request's prompt");

	private static final Map<String, String> RESERVED_IN_CONFIG = Map.of("candidateCount",
			WireRequests.NUMBER_OF_SAMPLES);

	private final InferenceRequest request;

	private final ProviderDefinition provider;

	private final ObjectNode body = WireJson.NODES.objectNode();

	private final ObjectNode config = WireJson.NODES.objectNode();

	GeminiRequestWriter(InferenceRequest request, ProviderDefinition provider) {
		this.request = request;
		this.provider = provider;
	}

	ObjectNode write() {
		InferenceParameters parameters = this.request.parameters();
		WireRequests.rejectParameter(this.provider, "logitBias", parameters.logitBias());
		new GeminiMessageWriter(this.provider).write(this.request.prompt(), this.body);
		number("temperature", parameters.temperature());
		number("topP", parameters.topP());
		number("maxOutputTokens", parameters.maxTokens());
		WireRequests.setStrings(this.config, "stopSequences", parameters.stop());
		number("seed", parameters.seed());
		logprobs(parameters.topLogprobs());
		responseFormat(parameters.responseFormat());
		reasoning(parameters.reasoning());
		tools(parameters.tools());
		toolChoice(parameters.toolChoice());
		additional(parameters);
		return this.body;
	}

	private void number(String name, @Nullable Number value) {
		WireRequests.setNumber(this.config, name, value, this.provider);
	}

	private void logprobs(@Nullable Integer topLogprobs) {
		if (topLogprobs != null) {
			this.config.put("responseLogprobs", true);
			if (topLogprobs != 0) {
				this.config.put("logprobs", topLogprobs);
			}
		}
	}

	private void responseFormat(@Nullable ResponseFormat responseFormat) {
		// Free text is what the model answers without a format
		if (responseFormat == null || responseFormat.type() == ResponseFormat.Type.TEXT) {
			return;
		}
		this.config.put("responseMimeType", "application/json");
		RawJson schema = responseFormat.schema();
		if (schema != null) {
			this.config.set("responseJsonSchema", WireJson.readObject(schema, "responseFormat.schema", this.provider));
		}
	}

	private void reasoning(@Nullable ReasoningOptions reasoning) {
		if (reasoning == null) {
			return;
		}
		ObjectNode thinking = this.config.putObject("thinkingConfig");
		if (!reasoning.enabled()) {
			thinking.put("thinkingBudget", 0);
			return;
		}
		if (reasoning.effort() != null && reasoning.budgetTokens() != null) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'gemini' takes an effort or a budget of reasoning tokens, not both");
		}
		thinking.put("includeThoughts", true);
		if (reasoning.effort() != null) {
			thinking.put("thinkingLevel", reasoning.effort().toUpperCase(Locale.ROOT));
		}
		if (reasoning.budgetTokens() != null) {
			thinking.put("thinkingBudget", reasoning.budgetTokens());
		}
	}

	private void tools(@Nullable List<Tool> tools) {
		if (tools == null) {
			return;
		}
		ArrayNode array = this.body.putArray("tools");
		if (tools.isEmpty()) {
			return;
		}
		ArrayNode functions = array.addObject().putArray("functionDeclarations");
		for (int i = 0; i < tools.size(); i++) {
			Tool tool = tools.get(i);
			if (Boolean.TRUE.equals(tool.strict())) {
				throw ProviderErrors.invalidRequest(this.provider,
						"protocol 'gemini' has no strict tools, but a mode VALIDATED for all of them; set it by "
								+ "parameter(\"toolConfig\", …)");
			}
			ObjectNode function = functions.addObject().put("name", tool.name());
			if (tool.description() != null) {
				function.put("description", tool.description());
			}
			function.set("parametersJsonSchema",
					WireJson.readObject(tool.parameters(), "tools[" + i + "].parameters", this.provider));
		}
	}

	private void toolChoice(@Nullable ToolChoice toolChoice) {
		if (toolChoice == null) {
			return;
		}
		ObjectNode calling = this.body.putObject("toolConfig").putObject("functionCallingConfig");
		switch (toolChoice.mode()) {
			case AUTO -> calling.put("mode", "AUTO");
			case NONE -> calling.put("mode", "NONE");
			case REQUIRED -> calling.put("mode", "ANY");
			case TOOL -> calling.put("mode", "ANY").putArray("allowedFunctionNames").add(toolChoice.toolName());
		}
	}

	private void additional(InferenceParameters parameters) {
		Map<String, @Nullable Object> additional = new LinkedHashMap<>(parameters.additional());
		additional.keySet().forEach((name) -> checkSpelling(name, name));
		JsonNode more = WireJson.valueOf(additional.remove(GENERATION_CONFIG), GENERATION_CONFIG, this.provider);
		if (more instanceof ObjectNode object) {
			object.forEachEntry(this::addToConfig);
		}
		else if (!more.isNull()) {
			throw ProviderErrors.invalidRequest(this.provider, "'" + GENERATION_CONFIG + "' is not a JSON object");
		}
		if (!this.config.isEmpty()) {
			this.body.set(GENERATION_CONFIG, this.config);
		}
		WireRequests.addAdditional(this.body, additional, this.provider, RESERVED);
	}

	private void addToConfig(String name, JsonNode value) {
		String fullName = GENERATION_CONFIG + "." + name;
		checkSpelling(name, fullName);
		String reason = RESERVED_IN_CONFIG.get(name);
		if (reason != null) {
			throw ProviderErrors.invalidRequest(this.provider, "parameter '" + fullName + "' cannot be set: " + reason);
		}
		if (this.config.has(name)) {
			throw ProviderErrors.invalidRequest(this.provider, "parameter '" + fullName + "' is set twice: by "
					+ "parameter(\"" + GENERATION_CONFIG + "\", …) and by the request's own method for it");
		}
		this.config.set(name, value);
	}

	/**
	 * The API takes {@code generation_config} for {@code generationConfig}, and so for
	 * all: what is set could be set twice, and what is reserved be set all the same.
	 */
	private void checkSpelling(String name, String fullName) {
		if (name.indexOf('_') != -1) {
			throw ProviderErrors.invalidRequest(this.provider, "parameter '" + fullName
					+ "' cannot be set: protocol 'gemini' spells parameters like 'generationConfig'");
		}
	}

}
