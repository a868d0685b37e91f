package io.github.llmcache.cache;

/**
 * Takes the encoding of a request value by value and hashes it. Can be used again after a
 * {@linkplain #reset() reset}, by one thread at a time.
 */
abstract class KeyHash {

	/** The number of code units in a piece of a string; frozen like the encoding. */
	static final int PIECE = 4096;

	private static final int BUFFER_SIZE = 4096;

	private final byte[] buffer = new byte[BUFFER_SIZE];

	private int position;

	/**
	 * Forget what has been taken.
	 */
	void reset() {
		this.position = 0;
	}

	final void writeByte(int value) {
		ensureRoom(1);
		this.buffer[this.position++] = (byte) value;
	}

	final void writeInt(int value) {
		ensureRoom(Integer.BYTES);
		this.buffer[this.position++] = (byte) (value >>> 24);
		this.buffer[this.position++] = (byte) (value >>> 16);
		this.buffer[this.position++] = (byte) (value >>> 8);
		this.buffer[this.position++] = (byte) value;
	}

	final void writeLong(long value) {
		writeInt((int) (value >>> Integer.SIZE));
		writeInt((int) value);
	}

	final void writeBytes(byte[] bytes, int length) {
		if (length > BUFFER_SIZE / 2) {
			flush();
			update(bytes, length);
			return;
		}
		ensureRoom(length);
		System.arraycopy(bytes, 0, this.buffer, this.position, length);
		this.position += length;
	}

	/**
	 * Take a string: its length and then its pieces.
	 * @param string the string
	 */
	final void writeString(String string) {
		int length = string.length();
		writeByte('s');
		writeInt(length);
		for (int begin = 0; begin < length; begin += PIECE) {
			writePiece(string, begin, Math.min(begin + PIECE, length));
		}
	}

	/**
	 * Take a piece of a string in the form in which this hash reads strings.
	 * @param string the string
	 * @param begin where the piece begins
	 * @param end where it ends
	 */
	abstract void writePiece(String string, int begin, int end);

	private void ensureRoom(int length) {
		if (this.position + length > BUFFER_SIZE) {
			flush();
		}
	}

	/**
	 * Hash what has been collected.
	 */
	final void flush() {
		update(this.buffer, this.position);
		this.position = 0;
	}

	/**
	 * Hash the next bytes. In how many calls they come makes no difference.
	 * @param bytes the bytes
	 * @param length how many of them
	 */
	abstract void update(byte[] bytes, int length);

}
