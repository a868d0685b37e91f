package io.github.llmcache.actuate.endpoint;

import java.nio.charset.StandardCharsets;

/**
 * Texts for the page out of what is stored, which may be anything, so many that they fit
 * into an answer. Used by one thread.
 */
final class UiText {

	private static final int LONGEST = 200_000;

	private static final int LONGEST_SUM = 4_000_000;

	private int left = LONGEST_SUM;

	private boolean truncated;

	/**
	 * Return a text, or its beginning if it is too long.
	 * @param text the text
	 * @return as much of it as there is room for
	 */
	String cut(String text) {
		int most = room();
		if (text.length() <= most) {
			this.left -= text.length();
			return wellFormed(text);
		}
		this.truncated = true;
		this.left -= most;
		return wellFormed(text.substring(0, most));
	}

	/**
	 * Return how long the next text may be.
	 * @return the number of characters
	 */
	int room() {
		return Math.min(LONGEST, this.left);
	}

	/**
	 * Return whether there is no room for any other text.
	 * @return whether it is full
	 */
	boolean isFull() {
		return this.left == 0;
	}

	/**
	 * Say that something was left out.
	 */
	void leaveOut() {
		this.truncated = true;
	}

	/**
	 * Return whether something was left out.
	 * @return whether texts were cut
	 */
	boolean isTruncated() {
		return this.truncated;
	}

	/**
	 * Replace half characters, which UTF-8 does not have, so that JSON can be written.
	 * @param text the text
	 * @return the text, with a question mark for each of them
	 */
	static String wellFormed(String text) {
		return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
	}

}
