package io.github.llmcache.cache;

import tools.jackson.core.io.CharTypes;
import tools.jackson.databind.JsonNode;

/**
 * Writes the beginning of JSON, or a part of a string, for people. It takes no more time
 * for what is long. Used by one thread.
 */
final class JsonExcerpt {

	private static final int MOST = 80;

	/** How much of what is before the place to be shown is shown as well. */
	private static final int BEFORE = 30;

	private static final char ELLIPSIS = '\u2026';

	private final StringBuilder json = new StringBuilder(MOST + 16);

	private JsonExcerpt() {
	}

	/**
	 * Return the beginning of a value.
	 * @param value the value
	 * @return its JSON if that is short
	 */
	static String of(JsonNode value) {
		JsonExcerpt excerpt = new JsonExcerpt();
		excerpt.write(value);
		return excerpt.toString();
	}

	/**
	 * Return what is around a place in a string.
	 * @param text the string
	 * @param index the place, from 0
	 * @return the JSON of a string
	 */
	static String of(String text, int index) {
		JsonExcerpt excerpt = new JsonExcerpt();
		excerpt.write(text, Math.max(index - BEFORE, 0));
		return excerpt.json.toString();
	}

	private void write(JsonNode value) {
		if (isFull()) {
			return;
		}
		if (value.isString()) {
			write(value.stringValue(), 0);
		}
		else if (value.isArray()) {
			writeElements(value);
		}
		else if (value.isObject()) {
			writeMembers(value);
		}
		else {
			this.json.append(value);
		}
	}

	private void writeElements(JsonNode array) {
		String separator = "[";
		for (JsonNode element : array) {
			this.json.append(separator);
			if (isFull()) {
				return;
			}
			write(element);
			separator = ",";
		}
		this.json.append(array.isEmpty() ? "[]" : "]");
	}

	private void writeMembers(JsonNode object) {
		String separator = "{";
		for (String name : object.propertyNames()) {
			this.json.append(separator);
			if (isFull()) {
				return;
			}
			write(name, 0);
			this.json.append(':');
			write(object.path(name));
			separator = ",";
		}
		this.json.append(object.isEmpty() ? "{}" : "}");
	}

	private void write(String text, int from) {
		int begin = isWithinCharacter(text, from) ? from - 1 : from;
		int end = Math.min(text.length(), begin + MOST);
		end = isWithinCharacter(text, end) ? end - 1 : end;
		this.json.append('"');
		if (begin > 0) {
			this.json.append(ELLIPSIS);
		}
		for (int i = begin; i < end; i++) {
			append(isLone(text, i) ? '\uFFFD' : text.charAt(i));
		}
		if (end < text.length()) {
			this.json.append(ELLIPSIS);
		}
		this.json.append('"');
	}

	private void append(char unit) {
		if (unit < ' ' || unit == '"' || unit == '\\') {
			CharTypes.appendQuoted(this.json, String.valueOf(unit));
		}
		else if (Character.isISOControl(unit)) {
			this.json.append("\\u00").append(Integer.toHexString(unit));
		}
		else {
			this.json.append(unit);
		}
	}

	private static boolean isWithinCharacter(String text, int index) {
		return index > 0 && index < text.length() && Character.isLowSurrogate(text.charAt(index))
				&& Character.isHighSurrogate(text.charAt(index - 1));
	}

	/**
	 * Return whether this is half a character, which cannot be written in UTF-8.
	 */
	private static boolean isLone(String text, int index) {
		char unit = text.charAt(index);
		if (Character.isHighSurrogate(unit)) {
			return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
		}
		return Character.isLowSurrogate(unit) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
	}

	private boolean isFull() {
		return this.json.length() > MOST;
	}

	@Override
	public String toString() {
		if (!isFull()) {
			return this.json.toString();
		}
		int end = Character.isHighSurrogate(this.json.charAt(MOST - 1)) ? MOST - 1 : MOST;
		return this.json.substring(0, end) + ELLIPSIS;
	}

}
