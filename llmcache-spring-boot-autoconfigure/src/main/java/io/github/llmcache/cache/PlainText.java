package io.github.llmcache.cache;

/**
 * Makes names from outside, such as ids of models, fit for a line of text.
 */
public final class PlainText {

	private PlainText() {
	}

	/**
	 * Return text without what does not belong into a line.
	 * @param text the text
	 * @param most the most characters
	 * @return the text, cut off if it is longer
	 */
	public static String of(CharSequence text, int most) {
		StringBuilder plain = new StringBuilder(Math.min(text.length(), most) + 1);
		for (int i = 0; i < Math.min(text.length(), most); i++) {
			char unit = text.charAt(i);
			plain.append(belongs(unit) ? unit : '?');
		}
		return ((text.length() > most) ? plain.append('\u2026') : plain).toString();
	}

	/**
	 * Neither what ends a line or controls a terminal, nor what is not seen or changes
	 * the order in which the rest of the line is shown.
	 */
	private static boolean belongs(char unit) {
		return switch (Character.getType(unit)) {
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
					Character.PARAGRAPH_SEPARATOR ->
				false;
			default -> true;
		};
	}

}
