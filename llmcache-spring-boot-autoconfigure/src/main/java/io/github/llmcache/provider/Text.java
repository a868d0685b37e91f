package io.github.llmcache.provider;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Text from outside, made fit for messages.
 */
final class Text {

	private static final int MAX_QUOTED_LENGTH = 100;

	private static final int MAX_LISTED = 8;

	private Text() {
	}

	/**
	 * Quote a text: on one line, without control characters, and not longer than what
	 * somebody reads.
	 * @param text the text
	 * @return the text between single quotes
	 */
	static String quote(String text) {
		StringBuilder quoted = new StringBuilder("'");
		int end = Math.min(text.length(), MAX_QUOTED_LENGTH);
		for (int i = 0; i < end; i++) {
			char c = text.charAt(i);
			if (isPrintable(c)) {
				quoted.append(c);
			}
			else {
				quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
			}
		}
		return quoted.append((end < text.length()) ? "…'" : "'").toString();
	}

	private static boolean isPrintable(char c) {
		return switch (Character.getType(c)) {
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
					Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
				false;
			default -> true;
		};
	}

	static String list(Collection<String> texts) {
		String list = texts.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
		return (texts.size() > MAX_LISTED) ? list + ", …" : list;
	}

}
