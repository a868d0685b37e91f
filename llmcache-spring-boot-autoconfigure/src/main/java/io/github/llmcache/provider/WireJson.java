package io.github.llmcache.provider;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.RawJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as it goes over the wire: read strictly, with numbers exactly as they are written,
 * and never through the application's own mapper.
 */
public final class WireJson {

	/** The factory of nodes. */
	public static final JsonNodeFactory NODES = new WireNodes();

	/** Jackson's own limit for reading and for writing. */
	private static final int MAX_RESPONSE_DEPTH = 500;

	/**
	 * Lower, so that a value of a request that was read into a value of a parameter,
	 * below members of the mapping's own, can be written by any mapper.
	 */
	private static final int MAX_REQUEST_DEPTH = 200;

	/** Tokens and similar counts; more than anybody can use, and safe to add up. */
	private static final long MAX_COUNT = 1_000_000_000_000_000L;

	private static final JsonMapper RESPONSE_MAPPER = mapper(MAX_RESPONSE_DEPTH).build();

	/** Stricter: of two members with the same name it is not clear which one is meant. */
	private static final JsonMapper REQUEST_MAPPER = mapper(MAX_REQUEST_DEPTH)
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	private WireJson() {
	}

	private static JsonMapper.Builder mapper(int maxDepth) {
		return JsonMapper
			.builder(JsonFactory.builder()
				.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(maxDepth).build())
				.build())
			.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
			.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
			.nodeFactory(NODES);
	}

	/**
	 * Write a value compactly.
	 * @param node the value
	 * @return the JSON text
	 */
	public static String write(JsonNode node) {
		return RESPONSE_MAPPER.writeValueAsString(node);
	}

	/**
	 * Read a response body.
	 * @param body the body
	 * @param provider the provider that it came from
	 * @return the JSON object that the body is
	 * @throws MalformedResponseException if the body is not one JSON object. The
	 * exception does not quote the body
	 */
	public static ObjectNode readResponse(byte[] body, ProviderDefinition provider) {
		JsonNode node;
		try {
			node = RESPONSE_MAPPER.readTree(body);
		}
		catch (JacksonException ex) {
			// The cause would quote the body
			throw ProviderErrors.malformed(provider, "the response is not valid JSON, or is cut off, at byte "
					+ ((ex.getLocation() != null) ? ex.getLocation().getByteOffset() : body.length));
		}
		catch (NumberFormatException ex) {
			// Jackson does not translate it, and it quotes the number
			throw ProviderErrors.malformed(provider, "the response has a number whose exponent is out of range");
		}
		if (node instanceof ObjectNode object) {
			return object;
		}
		throw ProviderErrors.malformed(provider, "the response is not a JSON object");
	}

	/**
	 * Read a JSON value of a request.
	 * @param json the JSON text
	 * @param name where in the request it is
	 * @param provider the provider that the request is for
	 * @return the value
	 * @throws InvalidRequestException if the text is not exactly one JSON value. The
	 * exception does not quote the text
	 */
	public static JsonNode read(RawJson json, String name, ProviderDefinition provider) {
		JsonNode node;
		try {
			node = REQUEST_MAPPER.readTree(json.text());
		}
		catch (JacksonException | NumberFormatException ex) {
			// The cause would quote the text
			node = NODES.missingNode();
		}
		if (node.isMissingNode()) {
			throw ProviderErrors.invalidRequest(provider, "'" + name + "' is not one valid JSON value");
		}
		return node;
	}

	/**
	 * Read a JSON object of a request.
	 * @param json the JSON text
	 * @param name where in the request it is
	 * @param provider the provider that the request is for
	 * @return the object
	 * @throws InvalidRequestException if the text is not exactly one JSON object. The
	 * exception does not quote the text
	 */
	public static ObjectNode readObject(RawJson json, String name, ProviderDefinition provider) {
		if (read(json, name, provider) instanceof ObjectNode object) {
			return object;
		}
		throw ProviderErrors.invalidRequest(provider, "'" + name + "' is not a JSON object");
	}

	/**
	 * Convert the value of a parameter.
	 * @param value {@code null}, a {@link Boolean}, {@link Number}, {@link String},
	 * {@link List}, {@link Map} or {@link RawJson}
	 * @param name where in the request it is
	 * @param provider the provider that the request is for
	 * @return the value
	 * @throws InvalidRequestException if it cannot be written as JSON
	 */
	public static JsonNode valueOf(@Nullable Object value, String name, ProviderDefinition provider) {
		return valueOf(value, name, provider, 0);
	}

	private static JsonNode valueOf(@Nullable Object value, String name, ProviderDefinition provider, int depth) {
		if (value == null) {
			return NODES.nullNode();
		}
		if (value instanceof Boolean bool) {
			return NODES.booleanNode(bool);
		}
		if (value instanceof String string) {
			return NODES.stringNode(string);
		}
		if (value instanceof RawJson json) {
			return read(json, name, provider);
		}
		if (value instanceof Number number) {
			return number(number, name, provider);
		}
		if (depth >= MAX_REQUEST_DEPTH) {
			throw ProviderErrors.invalidRequest(provider, "'" + name + "' is nested too deeply");
		}
		if (value instanceof List<?> list) {
			ArrayNode array = NODES.arrayNode(list.size());
			list.forEach((element) -> array.add(valueOf(element, name, provider, depth + 1)));
			return array;
		}
		if (value instanceof Map<?, ?> map) {
			ObjectNode object = NODES.objectNode();
			map.forEach((key, element) -> object.set(String.valueOf(key), valueOf(element, name, provider, depth + 1)));
			return object;
		}
		throw ProviderErrors.invalidRequest(provider, "'" + name + "' cannot be written as JSON");
	}

	/**
	 * Convert a number without changing the decimal that it prints as.
	 * @param number the number
	 * @param name where in the request it is
	 * @param provider the provider that the request is for
	 * @return the value
	 * @throws InvalidRequestException if JSON has no such number
	 */
	public static JsonNode number(Number number, String name, ProviderDefinition provider) {
		if (number instanceof Double || number instanceof Float) {
			if (!Double.isFinite(number.doubleValue())) {
				throw ProviderErrors.invalidRequest(provider, "'" + name + "' is not a finite number");
			}
			return NODES.numberNode(new BigDecimal(number.toString()));
		}
		if (number instanceof BigDecimal decimal) {
			return NODES.numberNode(decimal);
		}
		if (number instanceof BigInteger integer) {
			return NODES.numberNode(integer);
		}
		long value = number.longValue();
		return ((int) value == value) ? NODES.numberNode((int) value) : NODES.numberNode(value);
	}

	/**
	 * Return a string.
	 * @param node the node
	 * @return the string, or {@code null} if the node is anything else
	 */
	public static @Nullable String string(JsonNode node) {
		return node.isString() ? node.stringValue() : null;
	}

	/**
	 * Return whether there is nothing to read.
	 * @param node the node
	 * @return whether the node is missing or {@code null}
	 */
	public static boolean isAbsent(JsonNode node) {
		return node.isMissingNode() || node.isNull();
	}

	/**
	 * Return a count, such as of tokens.
	 * @param node the node
	 * @return the count, or {@code null} if the node is not an integral number from 0 to
	 * a limit far above anything real
	 */
	public static @Nullable Long count(JsonNode node) {
		if (!node.isNumber()) {
			return null;
		}
		long count = (node.isInt() || node.isLong()) ? node.longValue() : integral(decimal(node));
		return (count >= 0 && count <= MAX_COUNT) ? count : null;
	}

	/**
	 * Return the number if it is integral, else a negative one.
	 */
	private static long integral(@Nullable BigDecimal value) {
		try {
			return (value != null) ? value.longValueExact() : -1;
		}
		catch (ArithmeticException ex) {
			return -1;
		}
	}

	/**
	 * Return a number that is safe to calculate with.
	 * @param node the node
	 * @return the number, or {@code null} if the node is not a number, or is one whose
	 * digits would fill the memory
	 */
	public static @Nullable BigDecimal decimal(JsonNode node) {
		if (!node.isNumber()) {
			return null;
		}
		BigDecimal value = node.decimalValue();
		return (value.precision() <= 100 && Math.abs((long) value.scale()) <= 100) ? value : null;
	}

}
