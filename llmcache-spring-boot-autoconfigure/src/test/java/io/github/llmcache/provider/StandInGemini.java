package io.github.llmcache.provider;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks requests as Gemini's API does: a member that its reference does not have is
 * refused, and so is one that is missing.
 */
final class StandInGemini {

	private static final Pattern PATH = Pattern.compile("(?:/[^/]+)*/((?:models|tunedModels)/[^/:?]+):generateContent");

	private static final Set<String> KINDS = Set.of("text", "inlineData", "fileData", "functionCall",
			"functionResponse", "executableCode", "codeExecutionResult", "toolCall", "toolResponse");

	/** The members of objects by their place; what is not listed has any. */
	private static final Map<String, Set<String>> MEMBERS = Map.ofEntries(
			Map.entry("",
					Set.of("contents", "systemInstruction", "generationConfig", "safetySettings", "tools", "toolConfig",
							"cachedContent", "serviceTier", "store")),
			Map.entry(".contents", Set.of("role", "parts")), Map.entry(".systemInstruction", Set.of("role", "parts")),
			Map.entry(".contents.parts",
					Stream
						.concat(KINDS.stream(),
								Stream.of("thought", "thoughtSignature", "videoMetadata", "mediaResolution",
										"partMetadata"))
						.collect(Collectors.toSet())),
			Map.entry(".contents.parts.functionCall", Set.of("id", "name", "args")),
			Map.entry(".contents.parts.functionResponse", Set.of("id", "name", "response")),
			Map.entry(".contents.parts.inlineData", Set.of("mimeType", "data")),
			Map.entry(".generationConfig",
					Set.of("temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "stopSequences", "seed",
							"responseLogprobs", "logprobs", "presencePenalty", "frequencyPenalty", "responseMimeType",
							"responseSchema", "responseJsonSchema", "responseModalities", "mediaResolution",
							"speechConfig", "thinkingConfig", "imageConfig", "responseFormat")),
			Map.entry(".generationConfig.thinkingConfig", Set.of("includeThoughts", "thinkingBudget", "thinkingLevel")),
			Map.entry(".safetySettings", Set.of("category", "threshold")),
			Map.entry(".tools",
					Set.of("functionDeclarations", "googleSearch", "googleMaps", "codeExecution", "urlContext",
							"fileSearch", "computerUse", "mcpServers")),
			Map.entry(".tools.functionDeclarations",
					Set.of("name", "description", "parameters", "parametersJsonSchema", "response",
							"responseJsonSchema", "behavior")),
			Map.entry(".toolConfig",
					Set.of("functionCallingConfig", "retrievalConfig", "includeServerSideToolInvocations")),
			Map.entry(".toolConfig.functionCallingConfig", Set.of("mode", "allowedFunctionNames")));

	private StandInGemini() {
	}

	static boolean isOperation(String path) {
		return path.contains(":generateContent");
	}

	/**
	 * Return the model that is asked.
	 * @return the model, or {@code null} if the path is that of no operation
	 */
	static @Nullable String model(String path) {
		Matcher matcher = PATH.matcher(path);
		return matcher.matches() ? matcher.group(1).substring(matcher.group(1).indexOf('/') + 1) : null;
	}

	/**
	 * Return what the API would say of a body.
	 * @return the problem, or {@code null} if there is none
	 */
	static @Nullable String problem(JsonNode body, String model) {
		if (!body.isObject()) {
			return "Invalid JSON payload received.";
		}
		String unknown = unknownMember(body, "");
		if (unknown != null) {
			return "Invalid JSON payload received. Unknown name \"" + unknown + "\": Cannot find field.";
		}
		JsonNode contents = body.path("contents");
		if (!contents.isArray() || contents.isEmpty()) {
			return "* GenerateContentRequest.contents: contents is not specified";
		}
		List<String> calls = List.of();
		for (JsonNode content : contents) {
			String problem = contentProblem(content, model);
			if (problem != null) {
				return problem;
			}
			if (!names(content, "functionResponse").equals(calls)) {
				return "Please ensure that the number of function response parts is equal to the number of function "
						+ "call parts of the function call turn.";
			}
			calls = names(content, "functionCall");
		}
		return configProblem(body);
	}

	private static @Nullable String unknownMember(JsonNode node, String place) {
		Set<String> members = MEMBERS.get(place);
		for (JsonNode element : node.isArray() ? node : List.of(node)) {
			for (Map.Entry<String, JsonNode> member : element.properties()) {
				if (members != null && !members.contains(member.getKey())) {
					return (place + "." + member.getKey()).substring(1);
				}
				if (!member.getKey().endsWith("Schema")) {
					String unknown = unknownMember(member.getValue(), place + "." + member.getKey());
					if (unknown != null) {
						return unknown;
					}
				}
			}
		}
		return null;
	}

	private static @Nullable String contentProblem(JsonNode content, String model) {
		String role = content.path("role").asString("");
		if (!role.equals("user") && !role.equals("model")) {
			return "Please use a valid role: user, model.";
		}
		JsonNode parts = content.path("parts");
		if (!parts.isArray() || parts.isEmpty()) {
			return "* GenerateContentRequest.contents.parts: contents.parts must not be empty.";
		}
		boolean called = false;
		for (JsonNode part : parts) {
			if (part.propertyStream().filter((member) -> KINDS.contains(member.getKey())).count() != 1) {
				return "* GenerateContentRequest.contents.parts.data: required oneof field 'data' must have one "
						+ "initialized field";
			}
			JsonNode call = part.path("functionCall");
			JsonNode response = part.path("functionResponse");
			if (call.isObject() && (!call.path("name").isString() || !role.equals("model"))
					|| response.isObject() && (!response.path("name").isString()
							|| !response.path("response").isObject() || !role.equals("user"))) {
				return "* GenerateContentRequest.contents.parts: name, response or role";
			}
			if (call.isObject() && !called && model.startsWith("gemini-3")
					&& !part.path("thoughtSignature").isString()) {
				return "Function call is missing a thought_signature in functionCall parts.";
			}
			called = called || call.isObject();
		}
		return null;
	}

	private static List<String> names(JsonNode content, String kind) {
		List<String> names = new ArrayList<>();
		content.path("parts").forEach((part) -> {
			if (part.has(kind)) {
				names.add(part.path(kind).path("name").asString(""));
			}
		});
		Collections.sort(names);
		return names;
	}

	private static @Nullable String configProblem(JsonNode body) {
		JsonNode thinking = body.path("generationConfig").path("thinkingConfig");
		if (thinking.has("thinkingBudget") && thinking.has("thinkingLevel")) {
			return "You can only set only one of thinking budget and thinking level.";
		}
		if (thinking.has("thinkingLevel")
				&& !Set.of("MINIMAL", "LOW", "MEDIUM", "HIGH").contains(thinking.path("thinkingLevel").asString(""))) {
			return "Invalid value at 'generation_config.thinking_config.thinking_level'";
		}
		JsonNode candidateCount = body.path("generationConfig").path("candidateCount");
		if (!candidateCount.isMissingNode()
				&& (!candidateCount.isInt() || candidateCount.intValue() < 1 || candidateCount.intValue() > 8)) {
			return "* GenerateContentRequest.generation_config.candidate_count: must be between 1 and 8.";
		}
		JsonNode calling = body.path("toolConfig").path("functionCallingConfig");
		if (calling.has("mode")
				&& !Set.of("AUTO", "ANY", "NONE", "VALIDATED").contains(calling.path("mode").asString(""))) {
			return "Invalid value at 'tool_config.function_calling_config.mode'";
		}
		for (JsonNode tool : body.path("tools")) {
			for (JsonNode function : tool.path("functionDeclarations")) {
				if (!function.path("name").isString()) {
					return "* GenerateContentRequest.tools.function_declarations.name: Invalid function name.";
				}
			}
		}
		return null;
	}

	static ObjectNode answer(String model, int candidateCount, String text, String finishReason, int promptTokens,
			int tokens) {
		ObjectNode answer = StandInProvider.JSON.createObjectNode();
		ArrayNode candidates = answer.putArray("candidates");
		for (int index = 0; index < candidateCount; index++) {
			ObjectNode candidate = candidates.addObject();
			candidate.putObject("content")
				.put("role", "model")
				.putArray("parts")
				.addObject()
				.put("text", (index == 0) ? text : text + " #" + index);
			candidate.put("finishReason", finishReason).put("index", index);
		}
		answer.putObject("usageMetadata")
			.put("promptTokenCount", promptTokens)
			.put("candidatesTokenCount", candidateCount * tokens)
			.put("totalTokenCount", promptTokens + candidateCount * tokens)
			.put("serviceTier", "standard");
		return answer.put("modelVersion", model);
	}

}
