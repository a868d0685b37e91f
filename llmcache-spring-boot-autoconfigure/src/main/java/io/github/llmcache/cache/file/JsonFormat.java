package io.github.llmcache.cache.file;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON strictly and bounded. Only how deep it may be nested has to be bounded here:
 * everything else is, by the size of a file, and no number is ever computed.
 */
final class JsonFormat {

	private static final int MAX_DEPTH = 1000;

	/** Bodies are nested within the JSON of their file. */
	private static final int MAX_BODY_DEPTH = MAX_DEPTH - 10;

	private static final JsonFactory files = factory(MAX_DEPTH);

	private static final JsonFactory bodies = factory(MAX_BODY_DEPTH);

	private JsonFormat() {
	}

	private static JsonFactory factory(int maxDepth) {
		return JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNestingDepth(maxDepth)
				.maxStringLength(Integer.MAX_VALUE)
				.maxNameLength(Integer.MAX_VALUE)
				.maxNumberLength(Integer.MAX_VALUE)
				.build())
			.build();
	}

	/**
	 * Return a parser of a file's text.
	 */
	static JsonParser parser(char[] text) {
		return files.createParser(ObjectReadContext.empty(), text);
	}

	/**
	 * Return whether a text is one JSON value that can be part of a file.
	 */
	static boolean isValue(String text) {
		try (JsonParser parser = bodies.createParser(ObjectReadContext.empty(), text)) {
			if (parser.nextToken() == null) {
				return false;
			}
			parser.skipChildren();
			// A string or a number is not looked at to its end before that
			parser.finishToken();
			return parser.nextToken() == null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

}
