package io.github.llmcache.actuate.endpoint;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import io.github.llmcache.CacheControl;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.RawJson;
import io.github.llmcache.Role;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads requests as JSON objects with the members of {@link InferenceRequest}. Messages
 * hold text only, and there are no tools or formats: what has those is explained by
 * {@link io.github.llmcache.InferenceApi#explain}. Thread-safe.
 */
public final class InferenceRequestReader {

	private static final Set<String> MEMBERS = new TreeSet<>(
			Set.of("model", "provider", "system", "prompt", "messages", "temperature", "topP", "maxTokens", "stop",
					"seed", "topLogprobs", "parameters", "n", "sample", "namespace", "maxAge"));

	private static final List<Role> ROLES = List.of(Role.SYSTEM, Role.DEVELOPER, Role.USER, Role.ASSISTANT, Role.NONE);

	private static final int LONGEST_NAME = 50;

	private final JsonMapper mapper = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	/**
	 * Read a request.
	 * @param json the JSON text
	 * @return the request
	 * @throws IllegalArgumentException if it is no such request. The message quotes
	 * nothing but names of members
	 */
	public InferenceRequest read(String json) {
		JsonNode root = parse(json);
		requireMembers(root, "the request", MEMBERS);
		InferenceRequest.Builder builder = InferenceRequest.builder(text(required(root, "model"), "model"));
		readMessages(root, builder);
		readParameters(root, builder);
		JsonNode provider = member(root, "provider");
		if (provider != null) {
			builder.provider(text(provider, "provider"));
		}
		return builder.cacheControl(cacheControl(root)).build();
	}

	private JsonNode parse(String json) {
		try {
			return this.mapper.readTree(json);
		}
		catch (JacksonException | NumberFormatException ex) {
			// The latter of numbers that are out of range, which it quotes
			throw new IllegalArgumentException("'request' is no valid JSON");
		}
	}

	private static void readMessages(JsonNode root, InferenceRequest.Builder builder) {
		JsonNode system = member(root, "system");
		JsonNode prompt = member(root, "prompt");
		JsonNode messages = member(root, "messages");
		if ((prompt != null) == (messages != null)) {
			throw new IllegalArgumentException("Either 'prompt' or 'messages' is needed");
		}
		if (system != null) {
			builder.system(text(system, "system"));
		}
		if (prompt != null) {
			builder.user(text(prompt, "prompt"));
		}
		if (messages != null) {
			if (!messages.isArray()) {
				throw wrong("messages", "a list of messages");
			}
			for (JsonNode message : messages) {
				builder.message(message(message));
			}
		}
	}

	private static ChatMessage message(JsonNode message) {
		requireMembers(message, "a message", Set.of("role", "content"));
		String role = text(required(message, "role"), "role").toUpperCase(Locale.ROOT);
		JsonNode content = required(message, "content");
		return ROLES.stream()
			.filter((known) -> known.name().equals(role))
			.findFirst()
			.map((known) -> ChatMessage.of(known, parts(content)))
			.orElseThrow(() -> wrong("role", "one of " + ROLES.toString().toLowerCase(Locale.ROOT)));
	}

	private static ContentPart[] parts(JsonNode content) {
		if (content.isArray()) {
			return content.valueStream().map(InferenceRequestReader::part).toArray(ContentPart[]::new);
		}
		return new ContentPart[] { new ContentPart.Text(text(content, "content")) };
	}

	private static ContentPart part(JsonNode part) {
		requireMembers(part, "a part of 'content'", Set.of("type", "text"));
		if (!text(required(part, "type"), "type").equals("text")) {
			throw wrong("type", "'text'; InferenceApi.explain knows other parts");
		}
		return new ContentPart.Text(text(required(part, "text"), "text"));
	}

	private static void readParameters(JsonNode root, InferenceRequest.Builder builder) {
		for (String name : MEMBERS) {
			JsonNode value = member(root, name);
			if (value != null) {
				readParameter(name, value, builder);
			}
		}
	}

	private static void readParameter(String name, JsonNode value, InferenceRequest.Builder builder) {
		switch (name) {
			case "temperature" -> builder.temperature(number(value, name));
			case "topP" -> builder.topP(number(value, name));
			case "maxTokens" -> builder.maxTokens(integer(value, name));
			case "topLogprobs" -> builder.topLogprobs(integer(value, name));
			case "n" -> builder.n(integer(value, name));
			case "sample" -> builder.sample(integer(value, name));
			case "seed" -> {
				if (!value.isIntegralNumber() || !value.canConvertToLong()) {
					throw wrong(name, "an integer");
				}
				builder.seed(value.longValue());
			}
			case "stop" -> builder.stop(texts(value, name));
			case "parameters" -> {
				if (!value.isObject()) {
					throw wrong(name, "an object");
				}
				value.forEachEntry((parameter, json) -> builder.parameter(parameter, RawJson.of(json.toString())));
			}
			default -> {
				// No parameter
			}
		}
	}

	private static CacheControl cacheControl(JsonNode root) {
		CacheControl cacheControl = CacheControl.DEFAULT;
		JsonNode namespace = member(root, "namespace");
		JsonNode maxAge = member(root, "maxAge");
		if (namespace != null) {
			cacheControl = cacheControl.withNamespace(text(namespace, "namespace"));
		}
		if (maxAge != null) {
			cacheControl = cacheControl.withMaxAge(duration(text(maxAge, "maxAge")));
		}
		return cacheControl;
	}

	private static Duration duration(String text) {
		try {
			return Duration.parse(text);
		}
		catch (DateTimeException ex) {
			throw wrong("maxAge", "a duration such as 'PT1H'");
		}
	}

	private static void requireMembers(JsonNode object, String what, Set<String> known) {
		if (!object.isObject()) {
			throw new IllegalArgumentException(what + " has to be an object");
		}
		for (String name : object.propertyNames()) {
			if (!known.contains(name)) {
				throw new IllegalArgumentException("'" + plain(name) + "' is no member of " + what + ". Those are "
						+ String.join(", ", new TreeSet<>(known)));
			}
		}
	}

	private static String plain(String name) {
		return name.substring(0, Math.min(name.length(), LONGEST_NAME)).replaceAll("[^\\p{Alnum}_.-]", "?");
	}

	private static @Nullable JsonNode member(JsonNode object, String name) {
		JsonNode member = object.path(name);
		return (member.isMissingNode() || member.isNull()) ? null : member;
	}

	private static JsonNode required(JsonNode object, String name) {
		JsonNode member = member(object, name);
		if (member == null) {
			throw new IllegalArgumentException("'" + name + "' is missing");
		}
		return member;
	}

	private static String text(JsonNode value, String name) {
		if (!value.isString()) {
			throw wrong(name, "a text");
		}
		return value.stringValue();
	}

	private static String[] texts(JsonNode value, String name) {
		return value.isArray() ? value.valueStream().map((element) -> text(element, name)).toArray(String[]::new)
				: new String[] { text(value, name) };
	}

	private static double number(JsonNode value, String name) {
		if (!value.isNumber()) {
			throw wrong(name, "a number");
		}
		return value.decimalValue().doubleValue();
	}

	private static int integer(JsonNode value, String name) {
		if (!value.isIntegralNumber() || !value.canConvertToInt()) {
			throw wrong(name, "an integer");
		}
		return value.intValue();
	}

	private static IllegalArgumentException wrong(String name, String expected) {
		return new IllegalArgumentException("'" + name + "' has to be " + expected);
	}

}
