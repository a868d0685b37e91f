package io.github.llmcache.cli.safetytooling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.RawJson;
import io.github.llmcache.ReasoningOptions;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes parameters of the library's. One that is {@code null} there is not set here,
 * whatever the library then sends of its own accord; one that is not is set.
 */
final class ParameterMapper {

	private static final String UNKNOWN = "unknown_kwargs";

	/** What has a type of its own, or says nothing about the question. */
	private static final Set<String> KNOWN = Set.of("model", "n", "num_candidates_per_completion",
			"insufficient_valids_behaviour", "temperature", "top_p", "max_tokens", "thinking", "logprobs", "seed",
			"logit_bias", "stop", "tools", UNKNOWN);

	/** Options of the library and of its clients that do not get to the provider. */
	private static final Set<String> NOT_SENT = Set.of("include_thinking_in_completion", "timeout",
			"print_prompt_and_response", "max_attempts_per_api_call");

	private static final Set<String> HEADERS = Set.of("extra_headers", "extra_query");

	private static final Pattern NAME = Pattern.compile("\\w[\\w.-]{0,63}");

	private static final String THRESHOLD = "safety_threshold";

	/** The values of {@code safety_threshold}. */
	private static final Map<String, String> THRESHOLDS = Map.of("few", "BLOCK_ONLY_HIGH", "some",
			"BLOCK_MEDIUM_AND_ABOVE", "most", "BLOCK_LOW_AND_ABOVE");

	/** Those that a threshold is for, in the library's order. */
	private static final List<String> HARM_CATEGORIES = List.of("HARM_CATEGORY_HATE_SPEECH", "HARM_CATEGORY_HARASSMENT",
			"HARM_CATEGORY_SEXUALLY_EXPLICIT", "HARM_CATEGORY_DANGEROUS_CONTENT");

	/**
	 * Members of Gemini's configuration by the names that Google's client has for them.
	 */
	private static final Map<String, String> GEMINI_CONFIG = Map.of("top_k", "topK", "presence_penalty",
			"presencePenalty", "frequency_penalty", "frequencyPenalty", "response_mime_type", "responseMimeType");

	void map(ObjectNode params, ProviderDefinition provider, InferenceRequest.Builder request) {
		if (!SourceJson.isAbsent(params.get("tools"))) {
			throw new UnmappableException("the library has run tools before the answer");
		}
		boolean anthropic = provider.protocol().name().equals("anthropic");
		set(SourceJson.number(params, "temperature"), request::temperature);
		set(SourceJson.number(params, "top_p"), request::topP);
		set(SourceJson.intValue(params, "max_tokens"), request::maxTokens);
		set(SourceJson.intValue(params, "logprobs"), request::topLogprobs);
		set(anthropic ? null : SourceJson.integer(params, "seed"), request::seed);
		stop(params.path("stop"), request);
		logitBias(params.path("logit_bias"), request);
		thinking(params.path("thinking"), request);
		Map<String, JsonNode> additional = additional(params);
		if (provider.protocol().name().equals("gemini")) {
			gemini(additional);
		}
		additional.forEach((name, value) -> request.parameter(name, RawJson.of(WireJson.write(value))));
	}

	private static <T> void set(@Nullable T value, Consumer<T> setter) {
		if (value != null) {
			setter.accept(value);
		}
	}

	private static void stop(JsonNode stop, InferenceRequest.Builder request) {
		if (WireJson.isAbsent(stop)) {
			return;
		}
		if (!stop.isArray() || !stop.values().stream().allMatch(JsonNode::isString)) {
			throw SourceJson.wrong("stop");
		}
		request.stop(stop.values().stream().map(JsonNode::stringValue).toArray(String[]::new));
	}

	private static void logitBias(JsonNode bias, InferenceRequest.Builder request) {
		if (WireJson.isAbsent(bias)) {
			return;
		}
		if (!bias.isObject()) {
			throw SourceJson.wrong("logit_bias");
		}
		Map<String, Double> map = new LinkedHashMap<>();
		for (String token : bias.propertyNames()) {
			Double value = SourceJson.number(bias, token);
			if (value != null) {
				map.put(token, value);
			}
		}
		request.logitBias(map);
	}

	/**
	 * A budget is what it is set by here; anything else is passed on as it is.
	 */
	private static void thinking(JsonNode thinking, InferenceRequest.Builder request) {
		if (WireJson.isAbsent(thinking)) {
			return;
		}
		String type = WireJson.string(thinking.path("type"));
		if ("enabled".equals(type) && thinking.size() == 2) {
			Integer budget = SourceJson.intValue(thinking, "budget_tokens");
			if (budget != null) {
				request.reasoning(ReasoningOptions.budget(budget));
				return;
			}
		}
		request.parameter("thinking", RawJson.of(WireJson.write(thinking)));
	}

	private static Map<String, JsonNode> additional(ObjectNode params) {
		Map<String, JsonNode> additional = new LinkedHashMap<>();
		params.forEachEntry((name, value) -> {
			if (!KNOWN.contains(name)) {
				add(name, value, additional);
			}
		});
		JsonNode unknown = params.path(UNKNOWN);
		if (unknown.isObject()) {
			((ObjectNode) unknown).forEachEntry((name, value) -> add(name, value, additional));
		}
		else if (!WireJson.isAbsent(unknown)) {
			throw SourceJson.wrong(UNKNOWN);
		}
		return additional;
	}

	private static void add(String name, JsonNode value, Map<String, JsonNode> additional) {
		if (value.isNull() || NOT_SENT.contains(name)) {
			return;
		}
		if (HEADERS.contains(name)) {
			throw new UnmappableException("it was sent with headers or a query of its own");
		}
		if (name.equals("response_format") && !value.isObject()) {
			throw new UnmappableException("its response format is a class of Python, of which only names are known");
		}
		if (name.equals("extra_body") && value instanceof ObjectNode body) {
			body.forEachEntry((member, extra) -> add(member, extra, additional));
			return;
		}
		// It is named to people if it cannot be set
		if (!NAME.matcher(name).matches() || additional.put(name, value) != null) {
			throw SourceJson.wrong(UNKNOWN);
		}
	}

	private static void gemini(Map<String, JsonNode> additional) {
		ObjectNode config = WireJson.NODES.objectNode();
		GEMINI_CONFIG.forEach((name, member) -> {
			JsonNode value = additional.remove(name);
			if (value != null) {
				config.set(member, value);
			}
		});
		if (!config.isEmpty()) {
			additional.put("generationConfig", config);
		}
		JsonNode threshold = additional.remove(THRESHOLD);
		if (threshold != null) {
			String block = threshold.isString() ? THRESHOLDS.get(threshold.stringValue()) : null;
			if (block == null) {
				throw SourceJson.wrong(THRESHOLD);
			}
			ArrayNode settings = WireJson.NODES.arrayNode();
			HARM_CATEGORIES
				.forEach((category) -> settings.addObject().put("category", category).put("threshold", block));
			additional.put("safetySettings", settings);
		}
	}

}
