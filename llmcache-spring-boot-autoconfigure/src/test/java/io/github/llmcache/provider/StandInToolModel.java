package io.github.llmcache.provider;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model behind a {@link StandInProvider} that calls tools, turn by turn, and then tells
 * their results. It speaks both protocols, and refuses what the real providers refuse: a
 * call without its result, results that are not together, identifiers that come twice,
 * blank text, thoughts that were not sent back.
 */
public final class StandInToolModel implements Function<ReceivedRequest, @Nullable Reply> {

	/** What the answer of a turn takes, whatever it says. */
	public static final int OUTPUT_TOKENS = 5;

	private static final String SIGNATURE = "c2lnbmF0dXJl";

	private final AtomicInteger calls = new AtomicInteger();

	private final List<List<Call>> turns;

	private final Supplier<@Nullable String> ids;

	private final String finishReason;

	private StandInToolModel(List<List<Call>> turns, @Nullable Supplier<@Nullable String> ids, String finishReason) {
		this.turns = turns;
		this.ids = (ids != null) ? ids : () -> "call_" + this.calls.incrementAndGet();
		this.finishReason = finishReason;
	}

	/**
	 * Create a model that gives each call an identifier that no other has, as those of
	 * the real providers.
	 * @param turns what it calls in each turn
	 * @return the model
	 */
	@SafeVarargs
	public static StandInToolModel calling(List<Call>... turns) {
		List<List<Call>> copy = new ArrayList<>();
		for (List<Call> turn : turns) {
			copy.add(turn);
		}
		return new StandInToolModel(copy, null, "tool_calls");
	}

	/**
	 * Give all calls the same identifier.
	 * @param id the identifier, or {@code null} for none
	 * @return a copy of this model
	 */
	public StandInToolModel withId(@Nullable String id) {
		return new StandInToolModel(this.turns, () -> id, this.finishReason);
	}

	/**
	 * End the turns with calls for another reason, in OpenAI's words.
	 * @param finishReason the reason
	 * @return a copy of this model
	 */
	public StandInToolModel withFinishReason(String finishReason) {
		return new StandInToolModel(this.turns, null, finishReason);
	}

	public static Call call(String name, String arguments) {
		return new Call(name, arguments);
	}

	@Override
	public Reply apply(ReceivedRequest request) {
		JsonNode body = request.json();
		return request.path().endsWith("/messages") ? anthropic(body) : openAi(body);
	}

	private Reply openAi(JsonNode body) {
		List<String> results = new ArrayList<>();
		Set<String> known = new HashSet<>();
		Set<String> waiting = new HashSet<>();
		int turn = 0;
		for (JsonNode message : body.path("messages")) {
			if (message.path("role").stringValue().equals("tool")) {
				if (!waiting.remove(message.path("tool_call_id").stringValue())) {
					return openAiProblem("a result without its call");
				}
				results.add(message.path("content").stringValue());
				continue;
			}
			if (!waiting.isEmpty()) {
				return openAiProblem("a call without its result");
			}
			for (JsonNode call : message.path("tool_calls")) {
				String id = call.path("id").stringValue();
				if (!id.matches("[a-zA-Z0-9_-]+") || !known.add(id)) {
					return openAiProblem("an identifier that is no good");
				}
				waiting.add(id);
			}
			turn += message.has("tool_calls") ? 1 : 0;
		}
		return waiting.isEmpty() ? Reply.ok(completion(body, turn, results).toString())
				: openAiProblem("a call without its result");
	}

	private ObjectNode completion(JsonNode body, int turn, List<String> results) {
		ObjectNode completion = StandInProvider.JSON.createObjectNode()
			.put("id", "chatcmpl-" + this.calls.incrementAndGet())
			.put("object", "chat.completion")
			.put("model", body.path("model").stringValue());
		ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
		ObjectNode message = choice.putObject("message").put("role", "assistant");
		boolean calling = turn < this.turns.size();
		choice.put("finish_reason", calling ? this.finishReason : "stop");
		if (calling) {
			ArrayNode toolCalls = message.putNull("content").putArray("tool_calls");
			for (Call call : this.turns.get(turn)) {
				ObjectNode toolCall = toolCalls.addObject();
				String id = this.ids.get();
				if (id != null) {
					toolCall.put("id", id);
				}
				toolCall.put("type", "function")
					.putObject("function")
					.put("name", call.name())
					.put("arguments", call.arguments());
			}
		}
		else {
			message.put("content", told(results));
		}
		int inputTokens = inputTokens(body);
		completion.putObject("usage")
			.put("prompt_tokens", inputTokens)
			.put("completion_tokens", OUTPUT_TOKENS)
			.put("total_tokens", inputTokens + OUTPUT_TOKENS);
		return completion;
	}

	private Reply anthropic(JsonNode body) {
		List<String> results = new ArrayList<>();
		Set<String> known = new HashSet<>();
		Set<String> waiting = new HashSet<>();
		int turn = 0;
		for (JsonNode message : body.path("messages")) {
			Set<String> answered = new HashSet<>();
			Set<String> called = new HashSet<>();
			JsonNode content = message.path("content");
			for (JsonNode block : content.isArray() ? content : StandInProvider.JSON.createArrayNode()) {
				switch (block.path("type").stringValue()) {
					case "tool_result" -> {
						answered.add(block.path("tool_use_id").stringValue());
						boolean error = block.path("is_error").asBoolean(false);
						results.add(block.path("content").stringValue() + (error ? " (is_error)" : ""));
					}
					case "tool_use" -> {
						String id = block.path("id").stringValue();
						if (!id.matches("[a-zA-Z0-9_-]+") || !known.add(id)) {
							return anthropicProblem("an identifier that is no good");
						}
						called.add(id);
					}
					case "text" -> {
						if (block.path("text").stringValue().isBlank()) {
							return anthropicProblem("blank text");
						}
					}
					default -> {
						// Checked below
					}
				}
			}
			if (!answered.equals(waiting)) {
				return anthropicProblem("a call without its result");
			}
			if (!called.isEmpty() && !SIGNATURE.equals(content.path(0).path("signature").asString(""))) {
				return anthropicProblem("a call without the thoughts before it");
			}
			waiting = called;
			turn += called.isEmpty() ? 0 : 1;
		}
		return waiting.isEmpty() ? Reply.ok(message(body, turn, results).toString())
				: anthropicProblem("a call without its result");
	}

	private ObjectNode message(JsonNode body, int turn, List<String> results) {
		ObjectNode message = StandInProvider.JSON.createObjectNode()
			.put("id", "msg_" + this.calls.incrementAndGet())
			.put("type", "message")
			.put("role", "assistant")
			.put("model", body.path("model").stringValue());
		ArrayNode content = message.putArray("content");
		boolean calling = turn < this.turns.size();
		message.put("stop_reason", calling ? "tool_use" : "end_turn");
		if (calling) {
			content.addObject().put("type", "thinking").put("thinking", "Hm.").put("signature", SIGNATURE);
			content.addObject().put("type", "text").put("text", "\n\n");
			for (Call call : this.turns.get(turn)) {
				content.addObject()
					.put("type", "tool_use")
					.put("id", this.ids.get())
					.put("name", call.name())
					.set("input", StandInProvider.JSON.readTree(call.arguments()));
			}
		}
		else {
			content.addObject().put("type", "text").put("text", told(results));
		}
		message.putObject("usage").put("input_tokens", inputTokens(body)).put("output_tokens", OUTPUT_TOKENS);
		return message;
	}

	/**
	 * Return what the input of a turn takes.
	 * @param body the request
	 * @return ten tokens for each message
	 */
	private static int inputTokens(JsonNode body) {
		return 10 * body.path("messages").size();
	}

	private static String told(List<String> results) {
		return "Results: " + String.join(" | ", results);
	}

	private static Reply openAiProblem(String problem) {
		return Reply.openAiError(400, "invalid_request_error", null, problem);
	}

	private static Reply anthropicProblem(String problem) {
		return Reply.anthropicError(400, "invalid_request_error", problem);
	}

	/**
	 * A call of a tool.
	 *
	 * @param name the name of the tool
	 * @param arguments the arguments
	 */
	public record Call(String name, String arguments) {
	}

}
