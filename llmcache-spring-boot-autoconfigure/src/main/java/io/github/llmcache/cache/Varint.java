package io.github.llmcache.cache;

import java.nio.ByteBuffer;

/**
 * Numbers in as few bytes as they need: seven bits a byte, the lowest first, the highest
 * bit telling that there is more.
 */
final class Varint {

	/** The most bytes that a number takes. */
	static final int MAX_LENGTH = 10;

	private static final int MORE = 0x80;

	private static final int BITS = 7;

	private Varint() {
	}

	/**
	 * Write a number.
	 * @param buffer where to
	 * @param value the number; a negative one takes {@value #MAX_LENGTH} bytes
	 */
	static void put(ByteBuffer buffer, long value) {
		long rest = value;
		while ((rest & -MORE) != 0) {
			buffer.put((byte) (rest | MORE));
			rest >>>= BITS;
		}
		buffer.put((byte) rest);
	}

	/**
	 * Read a number.
	 * @param buffer where from
	 * @return the number
	 * @throws IllegalArgumentException if it is longer than any number is
	 * @throws java.nio.BufferUnderflowException if it is cut off
	 */
	static long get(ByteBuffer buffer) {
		long value = 0;
		for (int shift = 0; shift < MAX_LENGTH * BITS; shift += BITS) {
			byte next = buffer.get();
			value |= (long) (next & MORE - 1) << shift;
			if (next >= 0) {
				return value;
			}
		}
		throw new IllegalArgumentException("The number does not end");
	}

	/**
	 * Read a number that counts something.
	 * @param buffer where from
	 * @param max the largest number that makes sense
	 * @return the number
	 * @throws IllegalArgumentException if it is negative or larger
	 * @throws java.nio.BufferUnderflowException if it is cut off
	 */
	static int getCount(ByteBuffer buffer, int max) {
		long value = get(buffer);
		if (value < 0 || value > max) {
			throw new IllegalArgumentException("The number is out of range");
		}
		return (int) value;
	}

}
