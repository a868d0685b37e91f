package io.github.llmcache.provider;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The default answers of a {@link StandInProvider}: refuses what the real provider would
 * refuse, and answers the rest from what the request says alone.
 */
final class StandInAnswers {

	private static final int WORDS = 12;

	private volatile boolean keyRequired = true;

	private volatile boolean varied;

	void acceptAnyKey() {
		this.keyRequired = false;
	}

	void vary() {
		this.varied = true;
	}

	Reply answer(StandInProvider.ReceivedRequest request, int number) {
		if (request.path().endsWith("/chat/completions")) {
			return answerOpenAi(request, number).header("x-request-id", "req_openai_" + number);
		}
		if (request.path().endsWith("/responses")) {
			return answerOpenAi(request, number, new StandInResponses()).header("x-request-id", "req_openai_" + number);
		}
		if (request.path().endsWith("/completions")) {
			return answerOpenAi(request, number, new StandInCompletions()).header("x-request-id",
					"req_openai_" + number);
		}
		if (request.path().endsWith("/messages")) {
			return answerAnthropic(request, number).header("request-id", "req_anthropic_" + number);
		}
		if (StandInGemini.isOperation(request.path())) {
			return answerGemini(request, number);
		}
		if (request.path().endsWith("/embeddings") || request.path().endsWith("/moderations")) {
			return answerTexts(request).header("x-request-id", "req_openai_" + number);
		}
		return Reply.openAiError(404, "invalid_request_error", "unknown_url", "Unknown request URL");
	}

	private Reply answerTexts(StandInProvider.ReceivedRequest request) {
		if (lacksKey(request)) {
			return Reply.openAiError(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided");
		}
		return request.path().endsWith("/embeddings") ? StandInTexts.embeddings(request)
				: StandInTexts.moderations(request);
	}

	private boolean lacksKey(StandInProvider.ReceivedRequest request) {
		return this.keyRequired && !("Bearer " + StandInProvider.API_KEY).equals(request.header("Authorization"));
	}

	private Reply answerOpenAi(StandInProvider.ReceivedRequest request, int number) {
		if (lacksKey(request)) {
			return Reply.openAiError(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided");
		}
		JsonNode body = read(request);
		String problem = problem(request, body);
		if (problem == null) {
			problem = StandInShapes.CHAT_COMPLETION.problem(body);
		}
		if (problem != null) {
			return Reply.openAiError(400, "invalid_request_error", null, problem);
		}
		return Reply.ok(completion(body, number).toString());
	}

	private Reply answerOpenAi(StandInProvider.ReceivedRequest request, int number, StandInOperation operation) {
		if (this.keyRequired && !("Bearer " + StandInProvider.API_KEY).equals(request.header("Authorization"))) {
			return Reply.openAiError(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided");
		}
		JsonNode body = read(request);
		String problem = body.isObject() ? operation.problem(body) : "We could not parse the JSON body of your request";
		if (problem != null) {
			return Reply.openAiError(400, "invalid_request_error", "unknown_parameter", problem);
		}
		String hash = hash(body);
		int maxTokens = body.path("max_output_tokens").asInt(body.path("max_tokens").asInt(Integer.MAX_VALUE));
		return Reply.ok(operation.answer(body, hash.substring(0, 24), text(hash, number, maxTokens), maxTokens < WORDS)
			.toString());
	}

	private ObjectNode completion(JsonNode body, int number) {
		String hash = hash(body);
		int maxTokens = body.path("max_completion_tokens").asInt(body.path("max_tokens").asInt(Integer.MAX_VALUE));
		ObjectNode completion = StandInProvider.JSON.createObjectNode()
			.put("id", "chatcmpl-" + hash.substring(0, 24))
			.put("object", "chat.completion")
			.put("created", 1_750_000_000)
			.put("model", body.path("model").stringValue());
		ArrayNode choices = completion.putArray("choices");
		int completionTokens = 0;
		for (int index = 0; index < body.path("n").asInt(1); index++) {
			String text = text(hash + index, number, maxTokens);
			completionTokens += tokens(text);
			ObjectNode choice = choices.addObject().put("index", index);
			choice.putObject("message").put("role", "assistant").put("content", text).putNull("refusal");
			choice.putNull("logprobs").put("finish_reason", (maxTokens < WORDS) ? "length" : "stop");
		}
		int promptTokens = promptTokens(body);
		ObjectNode usage = completion.putObject("usage")
			.put("prompt_tokens", promptTokens)
			.put("completion_tokens", completionTokens)
			.put("total_tokens", promptTokens + completionTokens);
		usage.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
		usage.putObject("completion_tokens_details").put("reasoning_tokens", 0).put("audio_tokens", 0);
		return completion.put("service_tier", "default").put("system_fingerprint", "fp_44709d6fcb");
	}

	private Reply answerAnthropic(StandInProvider.ReceivedRequest request, int number) {
		if (this.keyRequired && !StandInProvider.API_KEY.equals(request.header("x-api-key"))) {
			return Reply.anthropicError(401, "authentication_error", "invalid x-api-key");
		}
		JsonNode body = read(request);
		String problem = problem(request, body);
		if (problem == null && request.header("anthropic-version") == null) {
			problem = "anthropic-version: header is required";
		}
		if (problem == null) {
			problem = StandInShapes.MESSAGE.problem(body);
		}
		if (problem != null) {
			return Reply.anthropicError(400, "invalid_request_error", problem);
		}
		return Reply.ok(message(body, number).toString());
	}

	private ObjectNode message(JsonNode body, int number) {
		String hash = hash(body);
		int maxTokens = body.path("max_tokens").asInt();
		String text = text(hash, number, maxTokens);
		ObjectNode message = StandInProvider.JSON.createObjectNode()
			.put("id", "msg_" + hash.substring(0, 24))
			.put("type", "message")
			.put("role", "assistant")
			.put("model", body.path("model").stringValue());
		message.putArray("content").addObject().put("type", "text").put("text", text);
		message.put("stop_reason", (maxTokens < WORDS) ? "max_tokens" : "end_turn").putNull("stop_sequence");
		message.putObject("usage")
			.put("input_tokens", promptTokens(body))
			.put("cache_creation_input_tokens", 0)
			.put("cache_read_input_tokens", 0)
			.put("output_tokens", tokens(text))
			.put("service_tier", "standard");
		return message;
	}

	private Reply answerGemini(StandInProvider.ReceivedRequest request, int number) {
		String model = StandInGemini.model(request.path());
		if (model == null) {
			return Reply.googleError(404, "NOT_FOUND", "Requested entity was not found.");
		}
		if (this.keyRequired && !StandInProvider.API_KEY.equals(request.header("x-goog-api-key"))) {
			return Reply.googleError(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.",
					"{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\"}");
		}
		JsonNode body = read(request);
		String problem = StandInGemini.problem(body, model);
		if (problem != null) {
			return Reply.googleError(400, "INVALID_ARGUMENT", problem);
		}
		int maxTokens = body.path("generationConfig").path("maxOutputTokens").asInt(Integer.MAX_VALUE);
		String text = text(hash(body) + model, number, maxTokens);
		return Reply.ok(
				StandInGemini
					.answer(model, body.path("generationConfig").path("candidateCount").asInt(1), text,
							(maxTokens < WORDS) ? "MAX_TOKENS" : "STOP",
							1 + body.path("contents").toString().length() / 4, tokens(text))
					.toString());
	}

	private static JsonNode read(StandInProvider.ReceivedRequest request) {
		try {
			return request.json();
		}
		catch (JacksonException ex) {
			return StandInProvider.JSON.missingNode();
		}
	}

	private static @Nullable String problem(StandInProvider.ReceivedRequest request, JsonNode body) {
		String contentType = request.header("Content-Type");
		if (!request.method().equals("POST") || contentType == null || !contentType.startsWith("application/json")
				|| !body.isObject()) {
			return "We could not parse the JSON body of your request";
		}
		if (!body.path("model").isString()) {
			return "you must provide a model parameter";
		}
		return (body.path("messages").isArray() && !body.path("messages").isEmpty()) ? null
				: "messages: at least one message is required";
	}

	private String text(String seed, int number, int maxTokens) {
		StringBuilder text = new StringBuilder("Answer");
		for (int word = 1; word < Math.min(WORDS, maxTokens); word++) {
			text.append(' ').append(sha256(seed + word), 0, 4);
		}
		return this.varied ? text.append(" (call ").append(number).append(')').toString() : text.toString();
	}

	private static int tokens(String text) {
		return text.split(" ").length;
	}

	private static int promptTokens(JsonNode body) {
		int characters = body.path("system").toString().length();
		for (JsonNode message : body.path("messages")) {
			characters += message.path("content").toString().length();
		}
		return 1 + characters / 4;
	}

	private static String hash(JsonNode body) {
		return sha256(body.toString());
	}

	private static String sha256(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
