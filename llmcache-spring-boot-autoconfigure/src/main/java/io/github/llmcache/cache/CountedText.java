package io.github.llmcache.cache;

/**
 * Text of which a pattern may read only so many characters: more of them than there are
 * are those that it reads again and again. Used by one thread.
 */
final class CountedText implements CharSequence {

	private final CharSequence text;

	private final Budget budget;

	/**
	 * Create a text.
	 * @param text the text
	 * @param readsPerCharacter how often each character may be read on the average
	 */
	CountedText(CharSequence text, int readsPerCharacter) {
		this(text, new Budget((text.length() + 1000L) * readsPerCharacter));
	}

	private CountedText(CharSequence text, Budget budget) {
		this.text = text;
		this.budget = budget;
	}

	@Override
	public int length() {
		return this.text.length();
	}

	@Override
	public char charAt(int index) {
		if (--this.budget.left < 0) {
			throw new SecretRedactionException("A pattern of llmcache.redaction.patterns takes too long");
		}
		return this.text.charAt(index);
	}

	@Override
	public CharSequence subSequence(int start, int end) {
		return new CountedText(this.text.subSequence(start, end), this.budget);
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

	private static final class Budget {

		private long left;

		private Budget(long left) {
			this.left = left;
		}

	}

}
