package io.github.llmcache.sample;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingResult;
import com.knuddels.jtokkit.api.EncodingType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The stand-in's chat completions. The same messages always take the same time and get
 * the same answer. A parameter that would change the answer and is not known is an error:
 * nothing is left out silently.
 */
class StandInCompletions {

	private static final int MIN_DELAY = 150;

	private static final int MAX_DELAY = 400;

	/** What OpenAI counts for the frame of a message, and for that of the answer. */
	private static final int FRAME_TOKENS = 3;

	private static final int QUOTED = 200;

	private static final List<String> PARAMETERS = List.of("model", "messages", "temperature", "top_p", "seed",
			"max_tokens", "max_completion_tokens", "n", "stream", "user", "metadata", "store");

	private static final List<String> SENTENCES = List.of("It was made on this machine, and nobody thought about it.",
			"A model would have given reasons here, and an example or two.",
			"The length of this text depends on the question, so that answers differ in size and price.",
			"Ask again, and the very same words come back.", "With a key, a real model is asked instead.",
			"Every token of it is counted as a model's would be.",
			"It took as long as a short answer of a model takes.",
			"The second time it comes from the cache, at once and for nothing.", "Nothing of this left the computer.",
			"So much for the content; the protocol is the real one.");

	private final JsonMapper jsonMapper;

	StandInCompletions(JsonMapper jsonMapper) {
		this.jsonMapper = jsonMapper;
	}

	/**
	 * Answer a request, after a while.
	 * @param request the request's body
	 * @param id the identifier of the completion
	 * @return the response's body
	 * @throws StandInException if the request is not valid
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	ObjectNode complete(JsonNode request, String id) throws InterruptedException {
		long start = System.nanoTime();
		checkParameters(request);
		Encoding encoding = Tokens.ENCODING;
		String question = "";
		int promptTokens = FRAME_TOKENS;
		CRC32 hash = new CRC32();
		for (JsonNode message : messages(request)) {
			String role = string(message, "role", "messages[].role");
			String content = string(message, "content", "messages[].content");
			hash.update((role + '\n' + content + '\n').getBytes(StandardCharsets.UTF_8));
			promptTokens += FRAME_TOKENS + encoding.countTokensOrdinary(role) + encoding.countTokensOrdinary(content);
			question = "user".equals(role) ? content : question;
		}
		Random random = new Random(hash.getValue());
		Duration delay = Duration.ofMillis(random.nextInt(MIN_DELAY, MAX_DELAY + 1));
		ObjectNode completion = completion(request, id, answer(question, random), promptTokens);
		Thread.sleep(Math.max(0, delay.minusNanos(System.nanoTime() - start).toMillis()));
		return completion;
	}

	private static void checkParameters(JsonNode request) {
		if (!request.isObject()) {
			throw invalid("The body is not a JSON object");
		}
		for (String name : request.propertyNames()) {
			if (!PARAMETERS.contains(name)) {
				throw invalid("The stand-in does not know the parameter '" + name + "'");
			}
		}
		if (!StandInProvider.MODEL.equals(string(request, "model", "model"))) {
			throw new StandInException(404, "model_not_found",
					"The stand-in has the model '" + StandInProvider.MODEL + "' only");
		}
		if (request.path("stream").asBoolean(false) || request.path("n").asInt(1) != 1) {
			throw invalid("The stand-in neither streams nor gives several answers");
		}
	}

	private static JsonNode messages(JsonNode request) {
		JsonNode messages = request.path("messages");
		if (!messages.isArray() || messages.isEmpty()) {
			throw invalid("'messages' must be an array with at least one message");
		}
		return messages;
	}

	private static String string(JsonNode object, String name, String path) {
		JsonNode value = object.path(name);
		if (!value.isString()) {
			throw invalid("'" + path + "' must be a string");
		}
		return value.asString();
	}

	private static String answer(String question, Random random) {
		int[] start = question.codePoints().limit(QUOTED).toArray();
		String quoted = new String(start, 0, start.length);
		StringBuilder answer = new StringBuilder("This is a stand-in's answer to: ").append(quoted);
		int sentences = random.nextInt(2, 9);
		int first = random.nextInt(SENTENCES.size());
		for (int i = 0; i < sentences; i++) {
			answer.append((i == 0) ? "\n\n" : " ").append(SENTENCES.get((first + i) % SENTENCES.size()));
		}
		return answer.toString();
	}

	private ObjectNode completion(JsonNode request, String id, String text, int promptTokens) {
		Encoding encoding = Tokens.ENCODING;
		Integer maxTokens = maxTokens(request);
		EncodingResult encoded = encoding.encodeOrdinary(text, (maxTokens != null) ? maxTokens : Integer.MAX_VALUE);
		String content = encoded.isTruncated() ? encoding.decode(encoded.getTokens()) : text;
		int completionTokens = encoded.getTokens().size();

		ObjectNode completion = this.jsonMapper.createObjectNode()
			.put("id", id)
			.put("object", "chat.completion")
			.put("created", Instant.now().getEpochSecond())
			.put("model", StandInProvider.MODEL);
		ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
		choice.putObject("message").put("role", "assistant").put("content", content).putNull("refusal");
		choice.putNull("logprobs").put("finish_reason", encoded.isTruncated() ? "length" : "stop");
		ObjectNode usage = completion.putObject("usage")
			.put("prompt_tokens", promptTokens)
			.put("completion_tokens", completionTokens)
			.put("total_tokens", promptTokens + completionTokens);
		usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
		usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
		return completion;
	}

	private static @Nullable Integer maxTokens(JsonNode request) {
		for (String name : List.of("max_completion_tokens", "max_tokens")) {
			JsonNode value = request.path(name);
			if (!value.isMissingNode() && !value.isNull()) {
				if (!value.isInt() || value.asInt() < 1) {
					throw invalid("'" + name + "' must be a positive integer");
				}
				return value.asInt();
			}
		}
		return null;
	}

	private static StandInException invalid(String message) {
		return new StandInException(400, "invalid_request", message);
	}

	/**
	 * The encoding, which takes a moment to load and is not needed if everything is
	 * cached.
	 */
	private static final class Tokens {

		static final Encoding ENCODING = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

	}

}
