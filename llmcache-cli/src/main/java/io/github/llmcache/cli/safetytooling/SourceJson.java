package io.github.llmcache.cli.safetytooling;

import java.math.BigDecimal;
import java.util.function.Function;

import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the JSON that the library has written, with numbers exactly as they are written.
 */
final class SourceJson {

	/** Less than what can be written to a request, for parts of it become parameters. */
	private static final int MAX_DEPTH = 150;

	static final JsonFactory FACTORY = JsonFactory.builder()
		.streamReadConstraints(
				StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxStringLength(Home.MAX_VALUE_SIZE).build())
		.build();

	private static final JsonMapper mapper = JsonMapper.builder(FACTORY)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.nodeFactory(WireJson.NODES)
		.build();

	private SourceJson() {
	}

	static ObjectNode readObject(String json) {
		JsonNode node;
		try {
			node = mapper.readTree(json);
		}
		catch (JacksonException | NumberFormatException ex) {
			// It is not the cause: its message can quote what was asked
			throw new UnmappableException("it is not valid JSON");
		}
		if (node instanceof ObjectNode object) {
			return object;
		}
		throw new UnmappableException("it is not a JSON object");
	}

	static boolean isAbsent(@Nullable JsonNode node) {
		return node == null || WireJson.isAbsent(node);
	}

	static @Nullable String string(JsonNode object, String name) {
		return read(object, name, WireJson::string);
	}

	static String requiredString(JsonNode object, String name) {
		String string = string(object, name);
		if (string == null) {
			throw wrong(name);
		}
		return string;
	}

	static @Nullable BigDecimal decimal(JsonNode object, String name) {
		return read(object, name, WireJson::decimal);
	}

	static @Nullable Double number(JsonNode object, String name) {
		BigDecimal decimal = decimal(object, name);
		return (decimal != null) ? Double.valueOf(decimal.doubleValue()) : null;
	}

	static @Nullable Long integer(JsonNode object, String name) {
		return read(object, name, (node) -> {
			BigDecimal decimal = WireJson.decimal(node);
			try {
				return (decimal != null) ? Long.valueOf(decimal.longValueExact()) : null;
			}
			catch (ArithmeticException ex) {
				return null;
			}
		});
	}

	static @Nullable Integer intValue(JsonNode object, String name) {
		Long value = integer(object, name);
		if (value != null && value.intValue() != value) {
			throw wrong(name);
		}
		return (value != null) ? Integer.valueOf(value.intValue()) : null;
	}

	private static <T> @Nullable T read(JsonNode object, String name, Function<JsonNode, @Nullable T> reader) {
		JsonNode node = object.path(name);
		if (WireJson.isAbsent(node)) {
			return null;
		}
		T value = reader.apply(node);
		if (value == null) {
			throw wrong(name);
		}
		return value;
	}

	/**
	 * Create the exception for a member that is not what the library writes.
	 * @param name the name of the member, which is one that the library knows
	 */
	static UnmappableException wrong(String name) {
		return new UnmappableException("its '" + name + "' is missing, or is not what safety-tooling writes");
	}

}
