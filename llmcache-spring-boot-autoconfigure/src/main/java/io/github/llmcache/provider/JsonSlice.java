package io.github.llmcache.provider;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Takes a value out of a JSON text as it is written there, byte for byte.
 */
public final class JsonSlice {

	private static final JsonFactory FACTORY = new JsonFactory();

	private JsonSlice() {
	}

	/**
	 * Return an object within an object.
	 * @param json the JSON text in UTF-8
	 * @param path the names of the members that lead to the object
	 * @return the object, or {@code null} if there is none, or the text is not JSON in
	 * UTF-8
	 */
	public static byte @Nullable [] object(byte[] json, String... path) {
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
			if (parser.nextToken() != JsonToken.START_OBJECT) {
				return null;
			}
			for (String name : path) {
				if (!enter(parser, name)) {
					return null;
				}
			}
			int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
			if (start < 0) {
				// Jackson reads UTF-16 and UTF-32 too, but counts no bytes then
				return null;
			}
			parser.skipChildren();
			return Arrays.copyOfRange(json, start, Math.toIntExact(parser.currentLocation().getByteOffset()));
		}
		catch (JacksonException | ArithmeticException ex) {
			return null;
		}
	}

	/**
	 * Go on to the object that a member of the current object is.
	 */
	private static boolean enter(JsonParser parser, String name) {
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			boolean found = name.equals(parser.currentName());
			JsonToken value = parser.nextToken();
			if (found) {
				return value == JsonToken.START_OBJECT;
			}
			parser.skipChildren();
		}
		return false;
	}

}
