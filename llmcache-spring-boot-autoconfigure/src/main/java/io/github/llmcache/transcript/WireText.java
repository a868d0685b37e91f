package io.github.llmcache.transcript;

import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON that may be anything, and writes it for people: as it is, but for what is
 * encoded, which only has a length.
 */
final class WireText {

	private static final JsonMapper mapper = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build();

	private static final ObjectWriter compact = mapper.writer();

	private static final ObjectWriter pretty = mapper.writerWithDefaultPrettyPrinter();

	/** Of what is shown in one line. */
	private static final int LONGEST_LINE = 200;

	/** A text without a space would be shorter. */
	private static final int SHORTEST_BASE64 = 256;

	private WireText() {
	}

	/**
	 * Read JSON.
	 * @param json the JSON
	 * @return the value, or {@code null} if it is none
	 */
	static @Nullable JsonNode read(byte[] json) {
		try {
			JsonNode node = mapper.readTree(json);
			return node.isMissingNode() ? null : node;
		}
		catch (JacksonException | NumberFormatException ex) {
			// Jackson does not translate that of an exponent that is out of range
			return null;
		}
	}

	static String of(JsonNode value) {
		return write(value, compact);
	}

	static String indented(JsonNode value) {
		return write(value, pretty);
	}

	/**
	 * Return a value in one line, cut off if that is long.
	 */
	static String line(JsonNode value) {
		String text = (value.isString() ? base64OrText(value.stringValue()) : of(value)).replace('\n', ' ');
		return (text.length() > LONGEST_LINE) ? text.substring(0, LONGEST_LINE) + "\u2026" : text;
	}

	private static String write(JsonNode value, ObjectWriter writer) {
		StringWriter text = new StringWriter();
		try (JsonGenerator generator = writer.createGenerator(text)) {
			write(value, generator);
		}
		return text.toString();
	}

	private static void write(JsonNode value, JsonGenerator generator) {
		if (value.isObject()) {
			generator.writeStartObject();
			for (Map.Entry<String, JsonNode> member : value.properties()) {
				generator.writeName(member.getKey());
				write(member.getValue(), generator);
			}
			generator.writeEndObject();
		}
		else if (value.isArray()) {
			generator.writeStartArray();
			value.forEach((element) -> write(element, generator));
			generator.writeEndArray();
		}
		else if (value.isString()) {
			generator.writeString(base64OrText(value.stringValue()));
		}
		else {
			mapper.writeTree(generator, value);
		}
	}

	private static String base64OrText(String text) {
		int data = text.startsWith("data:") ? text.indexOf(',') + 1 : 0;
		if (text.length() - data < SHORTEST_BASE64 || !isBase64(text, data)) {
			return text;
		}
		return text.substring(0, data) + base64(text.length() - data);
	}

	static String base64(int length) {
		return String.format(Locale.ROOT, "[%,d characters of Base64]", length);
	}

	private static boolean isBase64(String text, int from) {
		for (int i = from; i < text.length(); i++) {
			char unit = text.charAt(i);
			if (!(unit >= 'A' && unit <= 'Z' || unit >= 'a' && unit <= 'z' || unit >= '0' && unit <= '9' || unit == '+'
					|| unit == '/' || unit == '-' || unit == '_' || unit == '=')) {
				return false;
			}
		}
		return true;
	}

}
