package io.github.llmcache.provider;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Random;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The default answers of a {@link StandInProvider} to embeddings and moderations: refuses
 * what is not as OpenAI's API reference describes it, and answers each text by what it
 * and the parameters say alone. Embeddings come in the opposite order.
 */
public final class StandInTexts {

	public static final int MAX_TEXTS = 2048;

	public static final int MAX_TOKENS = 300_000;

	public static final int MAX_MODERATED = 32;

	private static final int MAX_TOKENS_OF_TEXT = 8192;

	private static final int DIMENSIONS = 1536;

	private StandInTexts() {
	}

	static Reply embeddings(StandInProvider.ReceivedRequest request) {
		JsonNode body = request.json();
		String problem = problem(request, body, Set.of("model", "input", "encoding_format", "dimensions", "user"),
				MAX_TEXTS);
		if (problem == null && body.has("dimensions")
				&& (!body.path("dimensions").isInt() || body.path("dimensions").intValue() < 1)) {
			problem = "dimensions must be a positive integer";
		}
		if (problem == null && !Set.of("float", "base64").contains(body.path("encoding_format").asString("float"))) {
			problem = "encoding_format must be float or base64";
		}
		int tokens = 0;
		for (JsonNode text : body.path("input")) {
			if (problem == null && text.asString().isEmpty()) {
				problem = "$.input is invalid";
			}
			if (problem == null && tokens(text.asString()) > MAX_TOKENS_OF_TEXT) {
				problem = "This model's maximum context length is 8192 tokens";
			}
			tokens += tokens(text.asString());
		}
		if (problem == null && tokens > MAX_TOKENS) {
			problem = "max 300000 tokens per request";
		}
		return (problem != null) ? Reply.openAiError(400, "invalid_request_error", null, problem)
				: Reply.ok(embeddings(body, tokens).toString());
	}

	private static ObjectNode embeddings(JsonNode body, int tokens) {
		ObjectNode answer = StandInProvider.JSON.createObjectNode().put("object", "list");
		ArrayNode data = answer.putArray("data");
		boolean base64 = "base64".equals(body.path("encoding_format").asString(""));
		for (int i = body.path("input").size() - 1; i >= 0; i--) {
			float[] vector = vector(body.path("model").stringValue(), body.path("input").get(i).stringValue(),
					body.path("dimensions").asInt(DIMENSIONS));
			ObjectNode item = data.addObject().put("object", "embedding").put("index", i);
			if (base64) {
				item.put("embedding", base64(vector));
			}
			else {
				ArrayNode numbers = item.putArray("embedding");
				for (float value : vector) {
					numbers.add((double) value);
				}
			}
		}
		answer.put("model", body.path("model").stringValue());
		answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
		return answer;
	}

	/**
	 * Return the vector of a text: of length 1, as those of OpenAI are.
	 */
	public static float[] vector(String model, String text, int dimensions) {
		Random random = new Random(ByteBuffer.wrap(sha256(model + '\n' + text)).getLong());
		double[] values = random.doubles(dimensions, -1, 1).toArray();
		double length = 0;
		for (double value : values) {
			length += value * value;
		}
		float[] vector = new float[dimensions];
		for (int i = 0; i < dimensions; i++) {
			vector[i] = (float) (values[i] / Math.sqrt(length));
		}
		return vector;
	}

	public static String base64(float... vector) {
		ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
		for (float value : vector) {
			bytes.putFloat(value);
		}
		return Base64.getEncoder().encodeToString(bytes.array());
	}

	public static int tokens(String text) {
		return (text.length() + 3) / 4;
	}

	static Reply moderations(StandInProvider.ReceivedRequest request) {
		JsonNode body = request.json();
		String problem = problem(request, body, Set.of("model", "input"), MAX_MODERATED);
		if (problem != null) {
			return Reply.openAiError(400, "invalid_request_error", null, problem);
		}
		ObjectNode answer = StandInProvider.JSON.createObjectNode()
			.put("id", "modr-0d9740456c391e43c445bf0f010940c7")
			.put("model", body.path("model").stringValue());
		ArrayNode results = answer.putArray("results");
		body.path("input").forEach((text) -> result(results.addObject(), text.stringValue()));
		return Reply.ok(answer.toString());
	}

	private static void result(ObjectNode result, String text) {
		boolean violent = text.contains("kill");
		result.put("flagged", violent);
		result.putObject("categories").put("violence", violent).put("self-harm/intent", false).putNull("illicit");
		result.putObject("category_scores")
			.put("violence", violent ? 0.9182 : 1.0e-6 * text.length())
			.put("self-harm/intent", 0.00001)
			.putNull("illicit");
		result.putObject("category_applied_input_types").putArray("violence").add("text");
	}

	private static @Nullable String problem(StandInProvider.ReceivedRequest request, JsonNode body, Set<String> members,
			int maxTexts) {
		String contentType = request.header("Content-Type");
		if (!request.method().equals("POST") || contentType == null || !contentType.startsWith("application/json")
				|| !body.isObject()) {
			return "We could not parse the JSON body of your request";
		}
		for (String name : body.propertyNames()) {
			if (!members.contains(name)) {
				return "Unrecognized request argument supplied: " + name;
			}
		}
		JsonNode input = body.path("input");
		if (!body.path("model").isString() || !input.isArray() || input.isEmpty()) {
			return "you must provide a model and an input";
		}
		if (input.size() > maxTexts) {
			return "Invalid 'input': array too long";
		}
		for (JsonNode text : input) {
			if (!text.isString()) {
				return "Invalid type for 'input'";
			}
		}
		return null;
	}

	private static byte[] sha256(String text) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
