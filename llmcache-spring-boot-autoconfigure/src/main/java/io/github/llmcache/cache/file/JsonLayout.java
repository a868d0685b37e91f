package io.github.llmcache.cache.file;

import org.jspecify.annotations.Nullable;

/**
 * The white space between the tokens of a JSON text, in the ways that programs write it.
 * Names and values are copied as they are, so that no number and no escape changes.
 */
enum JsonLayout {

	COMPACT("compact", ",", ":", null),

	SPACED("spaced", ", ", ": ", null),

	INDENTED_2("indented-2", ",", ": ", "  "),

	INDENTED_4("indented-4", ",", ": ", "    "),

	INDENTED_TAB("indented-tab", ",", ": ", "\t");

	private final String id;

	private final String comma;

	private final String colon;

	private final @Nullable String indent;

	JsonLayout(String id, String comma, String colon, @Nullable String indent) {
		this.id = id;
		this.comma = comma;
		this.colon = colon;
		this.indent = indent;
	}

	/**
	 * Return what files call this layout.
	 */
	String id() {
		return this.id;
	}

	static @Nullable JsonLayout of(String id) {
		for (JsonLayout layout : values()) {
			if (layout.id.equals(id)) {
				return layout;
			}
		}
		return null;
	}

	/**
	 * Return which layout a text has.
	 * @param json a JSON value
	 * @return the layout that gives exactly the same text, or {@code null} if none does
	 */
	static @Nullable JsonLayout detect(String json) {
		for (JsonLayout layout : values()) {
			if (json.equals(layout.apply(json, "", json.length()))) {
				return layout;
			}
		}
		return null;
	}

	/**
	 * Lay out a text anew.
	 * @param json a JSON value in any layout
	 * @param margin begins every line but the first
	 * @param maxLength the most characters that the result may have
	 * @return the same value in this layout, or {@code null} if it would be longer
	 */
	@Nullable String apply(String json, String margin, int maxLength) {
		StringBuilder text = new StringBuilder(Math.min(maxLength, json.length() + json.length() / 2) + 16);
		int depth = 0;
		int i = 0;
		while (i < json.length() && text.length() <= maxLength) {
			char character = json.charAt(i);
			int next = i + 1;
			switch (character) {
				case '"' -> {
					next = endOfString(json, i);
					text.append(json, i, next);
				}
				case '{', '[' -> {
					text.append(character);
					next = skipSpace(json, next);
					if (next < json.length() && isEnd(json.charAt(next))) {
						text.append(json.charAt(next++));
					}
					else {
						breakLine(text, margin, ++depth);
					}
				}
				case '}', ']' -> {
					breakLine(text, margin, --depth);
					text.append(character);
				}
				case ',' -> {
					text.append(this.comma);
					breakLine(text, margin, depth);
				}
				case ':' -> text.append(this.colon);
				default -> {
					if (!isSpace(character)) {
						text.append(character);
					}
				}
			}
			i = next;
		}
		return (text.length() <= maxLength) ? text.toString() : null;
	}

	private void breakLine(StringBuilder text, String margin, int depth) {
		if (this.indent != null) {
			text.append('\n').append(margin);
			for (int i = 0; i < depth; i++) {
				text.append(this.indent);
			}
		}
	}

	private static int endOfString(String json, int start) {
		int i = start + 1;
		while (i < json.length() && json.charAt(i) != '"') {
			i += (json.charAt(i) == '\\') ? 2 : 1;
		}
		return Math.min(i + 1, json.length());
	}

	private static int skipSpace(String json, int start) {
		int i = start;
		while (i < json.length() && isSpace(json.charAt(i))) {
			i++;
		}
		return i;
	}

	private static boolean isEnd(char character) {
		return character == '}' || character == ']';
	}

	private static boolean isSpace(char character) {
		return character == ' ' || character == '\n' || character == '\r' || character == '\t';
	}

}
