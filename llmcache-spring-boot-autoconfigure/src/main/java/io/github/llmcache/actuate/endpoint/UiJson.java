package io.github.llmcache.actuate.endpoint;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lays JSON out for people. Nothing but the space between its tokens changes: numbers
 * stay as they are written, members in their order, and so does what is there twice.
 */
final class UiJson {

	/** Without closing what is open when it ends, because that is where it is cut. */
	private static final JsonMapper mapper = JsonMapper.builder()
		.disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
		.build();

	private UiJson() {
	}

	/**
	 * Lay out JSON.
	 * @param json the JSON, which may be anything
	 * @param length how much is wanted
	 * @return the JSON, or what there is if it is none; ends sometime after that length
	 */
	static String pretty(byte[] json, int length) {
		try (JsonParser parser = mapper.createParser(json)) {
			String text = copy(parser, length);
			if (!text.isEmpty() && (text.length() > length || parser.nextToken() == null)) {
				return text;
			}
		}
		catch (JacksonException ex) {
			// It is shown as it is
		}
		return new String(json, StandardCharsets.UTF_8);
	}

	/**
	 * Lay out the value of a member of a JSON object.
	 * @param name the name of the member
	 * @param json the JSON object, which may be anything
	 * @param length how much is wanted
	 * @return the value, or what there is if there is no such member; ends sometime after
	 * that length
	 */
	static String member(String name, byte[] json, int length) {
		try (JsonParser parser = mapper.createParser(json)) {
			parser.nextToken();
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				if (parser.currentName().equals(name)) {
					return copy(parser, length);
				}
				parser.nextToken();
				parser.skipChildren();
			}
		}
		catch (JacksonException ex) {
			// It is shown as it is
		}
		return new String(json, StandardCharsets.UTF_8);
	}

	private static String copy(JsonParser parser, int length) {
		StringWriter text = new StringWriter();
		try (JsonGenerator generator = mapper.writerWithDefaultPrettyPrinter().createGenerator(text)) {
			int depth = 0;
			do {
				JsonToken token = parser.nextToken();
				if (token == null) {
					break;
				}
				depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
				if (token.isNumeric()) {
					generator.writeNumber(parser.getString());
				}
				else {
					generator.copyCurrentEvent(parser);
				}
			}
			while (depth > 0 && text.getBuffer().length() <= length);
		}
		return text.toString();
	}

}
