package io.github.llmcache.cache.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of a response or request as a part of a file: as JSON if it is certain that
 * the same bytes can be made of it again, otherwise as a string, otherwise as base64.
 *
 * @param layout how the value gives the bytes: a {@link JsonLayout}, {@value #TEXT} or
 * {@value #BASE64}
 * @param lineBreak whether the bytes end with a line break
 * @param json the value as JSON, unless it is a string
 * @param string the value if it is a string
 */
record StoredBytes(String layout, boolean lineBreak, @Nullable String json, @Nullable String string) {

	static final String TEXT = "text";

	static final String BASE64 = "base64";

	private static final String LINE_BREAK = "\n";

	/** By how many times indentation may make a value longer. */
	private static final int MAX_GROWTH = 4;

	/** What is short may grow by more. */
	private static final int FREE_GROWTH = 4096;

	/**
	 * Represent bytes in the most readable way.
	 * @param bytes the bytes
	 * @param margin what the lines of the value begin with
	 * @return the value
	 */
	static StoredBytes readable(byte[] bytes, String margin) {
		String text = decode(bytes);
		if (text == null) {
			return smallest(bytes);
		}
		StoredBytes json = json(text, margin);
		if (json != null) {
			return json;
		}
		long controls = text.chars().filter((character) -> character < ' ').count();
		return (controls <= FREE_GROWTH + text.length() / 4) ? new StoredBytes(TEXT, false, null, text)
				: smallest(bytes);
	}

	/**
	 * Represent bytes in the way that never takes more than a third more.
	 * @param bytes the bytes
	 * @return the value
	 */
	static StoredBytes smallest(byte[] bytes) {
		return new StoredBytes(BASE64, false, null, Base64.getEncoder().encodeToString(bytes));
	}

	private static @Nullable StoredBytes json(String text, String margin) {
		boolean lineBreak = text.endsWith(LINE_BREAK);
		String value = lineBreak ? text.substring(0, text.length() - 1) : text;
		JsonLayout layout = JsonLayout.detect(value);
		if (layout == null || !JsonFormat.isValue(value)) {
			return null;
		}
		int maxLength = (int) Math.min(Integer.MAX_VALUE / 2, (long) MAX_GROWTH * value.length() + FREE_GROWTH);
		String json = JsonLayout.INDENTED_2.apply(value, margin, maxLength);
		return (json != null) ? new StoredBytes(layout.id(), lineBreak, json, null) : null;
	}

	/**
	 * Decode UTF-8 strictly.
	 */
	private static @Nullable String decode(byte[] bytes) {
		try {
			CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return text.toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	/**
	 * Return the bytes.
	 * @return the bytes that this was made of, if nobody has edited the file since
	 * @throws IllegalArgumentException if the value is not of the kind that the layout
	 * says, or the layout is unknown
	 */
	byte[] toBytes() {
		if (this.layout.equals(TEXT) || this.layout.equals(BASE64)) {
			if (this.string == null) {
				throw new IllegalArgumentException("Not a string");
			}
			return this.layout.equals(TEXT) ? this.string.getBytes(StandardCharsets.UTF_8)
					: Base64.getDecoder().decode(this.string);
		}
		JsonLayout layout = JsonLayout.of(this.layout);
		String json = (layout != null && this.json != null) ? layout.apply(this.json, "", Integer.MAX_VALUE) : null;
		if (json == null) {
			throw new IllegalArgumentException("An unknown layout");
		}
		return (this.lineBreak ? json + LINE_BREAK : json).getBytes(StandardCharsets.UTF_8);
	}

}
