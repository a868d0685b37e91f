package io.github.llmcache.cache.file;

import org.jspecify.annotations.Nullable;

/**
 * Writes JSON of which a line is what changes: one member or element each. The same
 * content is the same text, whatever wrote it. Used by one thread.
 */
final class JsonWriter {

	private static final String INDENT = "  ";

	private static final String HEX = "0123456789abcdef";

	private final StringBuilder text = new StringBuilder(4096);

	private int depth;

	/** Whether nothing has been written yet where the next member or element goes. */
	private boolean first = true;

	JsonWriter name(String name) {
		next();
		quote(name);
		this.text.append(": ");
		return this;
	}

	/**
	 * Begin the next element of an array.
	 */
	JsonWriter element() {
		next();
		return this;
	}

	void string(String value) {
		quote(value);
	}

	void number(long value) {
		this.text.append(value);
	}

	/**
	 * Write a value that is JSON already, laid out for the {@link #margin()}.
	 */
	void json(String value) {
		this.text.append(value);
	}

	void string(String name, @Nullable String value) {
		if (value != null) {
			name(name).string(value);
		}
	}

	void number(String name, long value) {
		name(name).number(value);
	}

	void open(char bracket) {
		this.text.append(bracket);
		this.depth++;
		this.first = true;
	}

	void close(char bracket) {
		this.depth--;
		if (!this.first) {
			this.text.append('\n').append(margin());
		}
		this.text.append(bracket);
		this.first = false;
	}

	/**
	 * Return what the lines of the current level begin with.
	 */
	String margin() {
		return INDENT.repeat(this.depth);
	}

	private void next() {
		if (!this.first) {
			this.text.append(',');
		}
		this.first = false;
		this.text.append('\n').append(margin());
	}

	/**
	 * Write a string. Only what JSON or UTF-8 cannot hold is escaped: the rest is there
	 * to be read.
	 */
	private void quote(String value) {
		this.text.append('"');
		for (int i = 0; i < value.length(); i++) {
			char character = value.charAt(i);
			switch (character) {
				case '"' -> this.text.append("\\\"");
				case '\\' -> this.text.append("\\\\");
				case '\n' -> this.text.append("\\n");
				case '\r' -> this.text.append("\\r");
				case '\t' -> this.text.append("\\t");
				default -> {
					if (character < ' ' || isLoneSurrogate(value, i)) {
						escape(character);
					}
					else {
						this.text.append(character);
					}
				}
			}
		}
		this.text.append('"');
	}

	private static boolean isLoneSurrogate(String value, int index) {
		char character = value.charAt(index);
		if (Character.isHighSurrogate(character)) {
			return index + 1 == value.length() || !Character.isLowSurrogate(value.charAt(index + 1));
		}
		return Character.isLowSurrogate(character)
				&& (index == 0 || !Character.isHighSurrogate(value.charAt(index - 1)));
	}

	private void escape(char character) {
		this.text.append("\\u");
		for (int shift = 12; shift >= 0; shift -= 4) {
			this.text.append(HEX.charAt((character >> shift) & 0xF));
		}
	}

	/**
	 * Return what has been written, with the end of its last line.
	 */
	@Override
	public String toString() {
		return this.text + "\n";
	}

}
