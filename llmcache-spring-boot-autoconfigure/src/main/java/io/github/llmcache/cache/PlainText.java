package io.github.llmcache.cache;

/**
 * Makes names from outside, such as ids of models, fit for a line of text.
 */
final class PlainText {

	private PlainText() {
	}

	/**
	 * Return text without what does not belong into a line.
	 * @param text the text
	 * @param most the most characters
	 * @return the text, cut off if it is longer
	 */
	static String of(CharSequence text, int most) {
		StringBuilder plain = new StringBuilder(Math.min(text.length(), most) + 1);
		for (int i = 0; i < Math.min(text.length(), most); i++) {
			char unit = text.charAt(i);
			boolean belongs = !Character.isISOControl(unit) && !Character.isSurrogate(unit) && unit != '\u2028'
					&& unit != '\u2029';
			plain.append(belongs ? unit : '?');
		}
		return ((text.length() > most) ? plain.append('\u2026') : plain).toString();
	}

}
