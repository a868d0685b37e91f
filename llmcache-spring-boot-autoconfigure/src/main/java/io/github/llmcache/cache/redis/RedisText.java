package io.github.llmcache.cache.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Strings as they are stored: in UTF-8, or in UTF-16 if UTF-8 cannot hold them
 * faithfully, with what they are and their length in front.
 */
final class RedisText {

	private static final byte UTF_8 = 0;

	private static final byte UTF_16 = 1;

	private RedisText() {
	}

	static byte[] encode(String string) {
		byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
		if (new String(utf8, StandardCharsets.UTF_8).equals(string)) {
			return ByteBuffer.allocate(1 + Integer.BYTES + utf8.length)
				.put(UTF_8)
				.putInt(utf8.length)
				.put(utf8)
				.array();
		}
		ByteBuffer buffer = ByteBuffer.allocate(1 + Integer.BYTES + Character.BYTES * string.length())
			.put(UTF_16)
			.putInt(Character.BYTES * string.length());
		string.chars().forEach((character) -> buffer.putChar((char) character));
		return buffer.array();
	}

	/**
	 * Take a string from where a buffer is.
	 * @param buffer the buffer
	 * @return the string
	 * @throws BufferUnderflowException if the buffer ends before the string does
	 * @throws IllegalArgumentException if there is anything else
	 */
	static String decode(ByteBuffer buffer) {
		byte encoding = buffer.get();
		int length = buffer.getInt();
		if (length < 0 || encoding != UTF_8 && encoding != UTF_16) {
			throw new IllegalArgumentException("Not a string");
		}
		if (length > buffer.remaining()) {
			throw new BufferUnderflowException();
		}
		ByteBuffer bytes = buffer.slice(buffer.position(), length);
		buffer.position(buffer.position() + length);
		return (encoding == UTF_8) ? StandardCharsets.UTF_8.decode(bytes).toString() : bytes.asCharBuffer().toString();
	}

}
