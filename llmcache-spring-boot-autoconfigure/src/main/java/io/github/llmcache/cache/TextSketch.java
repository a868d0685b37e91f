package io.github.llmcache.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A sketch of text by which texts that are alike can be told from others: a MinHash of
 * its pieces, with one permutation (Li, Owen and Zhang, "One Permutation Hashing", 2012)
 * and one bit a value (Li and König, "b-Bit Minwise Hashing", 2010). The more pieces two
 * texts have in common, the more of its bits are equal.
 * <p>
 * Half of the bits are about the end of the text, where requests that share a template
 * have what they differ in: over the whole of a long template, it would be lost. All are
 * about a short text. Used by one thread.
 */
final class TextSketch {

	/** How many bits are about the first characters, and how many those are. */
	private static final int BEGIN_BITS = 32;

	private static final int BEGIN = 1024;

	/** The same of the last characters. */
	private static final int LAST_BITS = 96;

	private static final int LAST = 2048;

	/** The same of the very last ones. */
	private static final int END_BITS = 128;

	private static final int END = 512;

	/** The number of bits. */
	static final int BITS = BEGIN_BITS + LAST_BITS + END_BITS;

	/** By this, a long holds five characters at once. */
	private static final int CHARACTER = 12;

	/** The golden ratio, which spreads what it is multiplied with. */
	private static final long SPREAD = 0x9E3779B97F4A7C15L;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private final List<String> texts = new ArrayList<>();

	private final long[] bits = new long[BITS / Long.SIZE];

	private final int[] smallest = new int[END_BITS];

	/**
	 * Add text after what there is.
	 * @param text the text
	 */
	void add(String text) {
		this.texts.add(text);
	}

	byte[] toBytes() {
		char[] first = first();
		char[] last = last();
		Arrays.fill(this.bits, 0);
		sketch(first, 0, 0, BEGIN_BITS);
		sketch(last, 0, BEGIN_BITS, LAST_BITS);
		sketch(last, Math.max(last.length - END, 0), BEGIN_BITS + LAST_BITS, END_BITS);
		ByteBuffer bytes = ByteBuffer.allocate(RequestHashes.SKETCH_LENGTH);
		for (long part : this.bits) {
			bytes.putLong(part);
		}
		return bytes.array();
	}

	private char[] first() {
		char[] first = new char[(int) Math.min(length(), BEGIN)];
		int position = 0;
		for (int i = 0; position < first.length; i++) {
			String text = this.texts.get(i);
			int count = Math.min(text.length(), first.length - position);
			text.getChars(0, count, first, position);
			position += count;
		}
		return first;
	}

	private char[] last() {
		char[] last = new char[(int) Math.min(length(), LAST)];
		int position = last.length;
		for (int i = this.texts.size() - 1; position > 0; i--) {
			String text = this.texts.get(i);
			int count = Math.min(text.length(), position);
			position -= count;
			text.getChars(text.length() - count, text.length(), last, position);
		}
		return last;
	}

	private long length() {
		long length = 0;
		for (String text : this.texts) {
			length += text.length();
		}
		return length;
	}

	private void sketch(char[] text, int from, int firstBit, int bits) {
		// Bits that are about the same text have to tell of different pieces
		long spread = SPREAD + 2 * firstBit;
		Arrays.fill(this.smallest, Integer.MAX_VALUE);
		long piece = 0;
		for (int i = from; i < text.length; i++) {
			piece = piece << CHARACTER ^ text[i];
			long hash = piece * spread;
			hash = (hash ^ hash >>> 32) * spread;
			int index = (int) ((hash >>> 32) * bits >>> 32);
			this.smallest[index] = Math.min(this.smallest[index], (int) hash & Integer.MAX_VALUE);
		}
		for (int i = 0; i < bits; i++) {
			int bit = firstBit + i;
			this.bits[bit / Long.SIZE] |= (this.smallest[i] & 1L) << bit;
		}
	}

	/**
	 * Return how alike two texts are.
	 * @param sketch the sketch of one
	 * @param other the sketch of the other
	 * @return how many of {@value #BITS} bits are equal
	 */
	static int alike(byte[] sketch, byte[] other) {
		int different = 0;
		for (int i = 0; i < RequestHashes.SKETCH_LENGTH; i += Long.BYTES) {
			different += Long.bitCount((long) LONGS.get(sketch, i) ^ (long) LONGS.get(other, i));
		}
		return BITS - different;
	}

}
