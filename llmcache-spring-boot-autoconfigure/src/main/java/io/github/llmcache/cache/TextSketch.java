package io.github.llmcache.cache;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A sketch of text by which texts that are alike can be told from others: a MinHash of
 * all pieces of {@value #PIECE} characters, with one permutation (Li, Owen and Zhang,
 * "One Permutation Hashing", 2012). The part of its values that are equal estimates the
 * part of the pieces that two texts have in common. Used by one thread.
 */
final class TextSketch {

	/** The pieces: as many characters as bytes fit into a long. */
	private static final int PIECE = Long.BYTES;

	private static final int VALUES = RequestHashes.SKETCH_LENGTH / Short.BYTES;

	/** The golden ratio, which spreads what it is multiplied with. */
	private static final long SPREAD = 0x9E3779B97F4A7C15L;

	private final int[] smallest = new int[VALUES];

	private long piece;

	TextSketch() {
		Arrays.fill(this.smallest, 0xFFFF);
	}

	/**
	 * Add text.
	 * @param text the text
	 */
	void add(String text) {
		long piece = this.piece;
		for (int i = 0; i < text.length(); i++) {
			piece = piece << Byte.SIZE | text.charAt(i) & 0xFF;
			long hash = piece * SPREAD;
			hash ^= hash >>> 32;
			hash *= SPREAD;
			int index = (int) (hash >>> 60);
			int value = (int) (hash >>> 44) & 0xFFFF;
			if (value < this.smallest[index]) {
				this.smallest[index] = value;
			}
		}
		this.piece = piece;
	}

	byte[] toBytes() {
		ByteBuffer bytes = ByteBuffer.allocate(RequestHashes.SKETCH_LENGTH);
		for (int value : this.smallest) {
			bytes.putShort((short) value);
		}
		return bytes.array();
	}

	/**
	 * Return how alike two texts are.
	 * @param sketch the sketch of one
	 * @param other the sketch of the other
	 * @return how many of {@value #VALUES} values are equal
	 */
	static int alike(byte[] sketch, byte[] other) {
		int alike = 0;
		for (int i = 0; i < RequestHashes.SKETCH_LENGTH; i += Short.BYTES) {
			if (sketch[i] == other[i] && sketch[i + 1] == other[i + 1]) {
				alike++;
			}
		}
		return alike;
	}

}
