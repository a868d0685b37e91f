package io.github.llmcache.transcript;

import java.util.HexFormat;

/**
 * Makes text safe to be shown: what a model answers may hold sequences that make a
 * terminal do more than show it.
 */
public final class PlainText {

	private PlainText() {
	}

	/**
	 * Replace characters that control a terminal by their names.
	 * @param text the text
	 * @return the text, with nothing but line feeds and tabs that is not shown
	 */
	public static String of(String text) {
		String lines = text.replace("\r\n", "\n");
		if (lines.chars().noneMatch(PlainText::isControl)) {
			return lines;
		}
		StringBuilder plain = new StringBuilder(lines.length() + 16);
		lines.chars().forEach((character) -> {
			if (isControl(character)) {
				plain.append("\\u").append(HexFormat.of().toHexDigits((char) character));
			}
			else {
				plain.append((char) character);
			}
		});
		return plain.toString();
	}

	private static boolean isControl(int character) {
		return Character.isISOControl(character) && character != '\n' && character != '\t'
				|| Character.getType(character) == Character.FORMAT && isBidirectional(character);
	}

	/**
	 * Those that change the order in which other characters are shown.
	 */
	private static boolean isBidirectional(int character) {
		return character >= 0x202A && character <= 0x202E || character >= 0x2066 && character <= 0x2069;
	}

}
