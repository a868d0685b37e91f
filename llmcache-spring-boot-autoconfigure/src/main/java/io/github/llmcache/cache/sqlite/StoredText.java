package io.github.llmcache.cache.sqlite;

/**
 * Strings as they are stored in columns of type TEXT. What such a column cannot hold
 * faithfully, a NUL or a lone surrogate, is escaped in Java's way.
 */
final class StoredText {

	private StoredText() {
	}

	static String encode(String string) {
		StringBuilder encoded = new StringBuilder(string.length() + 16);
		for (int i = 0; i < string.length(); i++) {
			char character = string.charAt(i);
			if (character == '\\') {
				encoded.append("\\\\");
			}
			else if (Character.isHighSurrogate(character) && i + 1 < string.length()
					&& Character.isLowSurrogate(string.charAt(i + 1))) {
				encoded.append(character).append(string.charAt(++i));
			}
			else if (character < ' ' || Character.isSurrogate(character)) {
				encoded.append(String.format("\\u%04x", (int) character));
			}
			else {
				encoded.append(character);
			}
		}
		return encoded.toString();
	}

	/**
	 * Decode a string.
	 * @param encoded what {@link #encode(String)} has returned
	 * @return the string
	 * @throws IllegalArgumentException if it is anything else
	 */
	static String decode(String encoded) {
		if (encoded.indexOf('\\') < 0) {
			return encoded;
		}
		StringBuilder string = new StringBuilder(encoded.length());
		int i = 0;
		while (i < encoded.length()) {
			char character = encoded.charAt(i);
			if (character != '\\') {
				string.append(character);
				i++;
			}
			else if (encoded.startsWith("\\\\", i)) {
				string.append('\\');
				i += 2;
			}
			else if (encoded.startsWith("\\u", i) && i + 6 <= encoded.length()) {
				string.append((char) Integer.parseInt(encoded, i + 2, i + 6, 16));
				i += 6;
			}
			else {
				throw new IllegalArgumentException("Not an escaped string");
			}
		}
		return string.toString();
	}

}
