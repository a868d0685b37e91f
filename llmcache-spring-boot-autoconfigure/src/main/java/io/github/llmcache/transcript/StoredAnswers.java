package io.github.llmcache.transcript;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.llmcache.cache.CachedResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a stored response answers, whatever protocol it was written in.
 *
 * @param answers the answers, in the order of their samples; at least one
 * @param rest what the response says beside them, by its names
 */
record StoredAnswers(List<Answer> answers, Map<String, JsonNode> rest) {

	/** More samples than a request can have. */
	private static final int MOST_CHOICES = 10_000;

	static StoredAnswers read(CachedResponse response) {
		JsonNode body = WireText.read(response.body());
		if (body == null) {
			return only(new String(response.body(), StandardCharsets.UTF_8), Map.of());
		}
		StoredAnswers answers = body.isObject() ? read(new Members(body)) : null;
		return (answers != null) ? answers : only(WireText.indented(body), Map.of());
	}

	private static StoredAnswers only(String text, Map<String, JsonNode> rest) {
		return new StoredAnswers(List.of(new Answer(null, text)), rest);
	}

	private static @Nullable StoredAnswers read(Members body) {
		for (String name : List.of("choices", "candidates")) {
			JsonNode choices = body.array(name);
			if (choices != null) {
				return isChoices(choices) ? choices(name, choices, body) : null;
			}
		}
		JsonNode output = body.array("output");
		if (output != null) {
			String status = body.string("status");
			body.ignore("object");
			return one(status, WireParts.text(output), body);
		}
		if (body.has("content")) {
			body.ignore("role", "type");
			JsonNode content = body.array("content");
			return (content != null) ? one(body.string("stop_reason"), WireParts.text(content), body) : null;
		}
		JsonNode data = body.array("data");
		return (data != null) ? embeddings(data, body) : null;
	}

	private static StoredAnswers one(@Nullable String finishReason, String text, Members body) {
		return new StoredAnswers(List.of(new Answer(finishReason, text)), body.rest());
	}

	private static boolean isChoices(JsonNode choices) {
		for (JsonNode choice : choices) {
			if (!choice.isObject()) {
				return false;
			}
		}
		return !choices.isEmpty() && choices.size() <= MOST_CHOICES;
	}

	private static StoredAnswers choices(String name, JsonNode choices, Members body) {
		body.ignore("object");
		List<Answer> answers = new ArrayList<>();
		Map<String, JsonNode> rest = new LinkedHashMap<>(body.rest());
		List<JsonNode> sorted = new ArrayList<>();
		choices.forEach(sorted::add);
		sorted.sort(Comparator.comparingInt(StoredAnswers::index));
		for (int i = 0; i < sorted.size(); i++) {
			Members choice = new Members(sorted.get(i));
			answers.add(answer(choice));
			String prefix = name + "[" + i + "].";
			choice.rest().forEach((member, value) -> rest.put(prefix + member, value));
		}
		return new StoredAnswers(answers, rest);
	}

	/**
	 * Gemini leaves the first one's out.
	 */
	private static int index(JsonNode choice) {
		JsonNode index = choice.path("index");
		return index.isInt() ? index.intValue() : 0;
	}

	private static Answer answer(Members choice) {
		choice.ignore("index");
		String reason = choice.string("finish_reason");
		if (reason == null) {
			reason = choice.string("finishReason");
		}
		Members message = choice.object("message");
		if (message == null) {
			message = choice.object("content");
		}
		if (message != null) {
			message.ignore("role");
			return new Answer(reason, WireMessages.text(message));
		}
		String text = choice.string("text");
		return new Answer(reason, (text != null) ? text : choice.withRest(""));
	}

	private static @Nullable StoredAnswers embeddings(JsonNode data, Members body) {
		List<Answer> answers = new ArrayList<>();
		for (JsonNode item : data) {
			JsonNode vector = item.path("embedding");
			if (answers.size() == MOST_CHOICES || !vector.isString() && !vector.isArray()) {
				return null;
			}
			Members members = new Members(item);
			members.ignore("embedding", "object", "index");
			answers.add(new Answer(null, members.withRest(String.format(Locale.ROOT, "[embedding: %,d numbers]",
					vector.isArray() ? vector.size() : floats(vector.stringValue())))));
		}
		body.ignore("object");
		return answers.isEmpty() ? null : new StoredAnswers(answers, body.rest());
	}

	/**
	 * Return how many numbers of 32 bits a text in Base64 holds.
	 */
	private static int floats(String base64) {
		int end = base64.length();
		while (end > 0 && base64.charAt(end - 1) == '=') {
			end--;
		}
		return (int) (end * 6L / 8 / Float.BYTES);
	}

	/**
	 * An answer.
	 *
	 * @param finishReason why it ends there, in the provider's words, or {@code null}
	 * @param text what it says
	 */
	record Answer(@Nullable String finishReason, String text) {
	}

}
