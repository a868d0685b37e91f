package io.github.llmcache.cache;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * XXH3, several times faster than SHA-256. Of a string it reads the length and the low
 * byte of each code unit, which is the whole of a Latin-1 string, and a mere copy within
 * the JVM. Texts in other scripts differ in their low bytes, too, unless somebody has
 * made them for it; those are candidates for each other, and SHA-256 tells them apart.
 */
final class FingerprintKeyHash extends KeyHash {

	/**
	 * Longer pieces are hashed apart, and their hash taken in their place, which is
	 * faster than the stream. Frozen, for it is a part of fingerprints.
	 */
	private static final int LONG_PIECE = 1024;

	private static final Hasher64 hasher = Hashing.xxh3_64();

	private final HashStream64 stream = hasher.hashStream();

	private final byte[] piece = new byte[PIECE];

	@Override
	void reset() {
		super.reset();
		this.stream.reset();
	}

	@Override
	@SuppressWarnings("deprecation") // It loses high bytes, and that is what is wanted
	void writePiece(String string, int begin, int end) {
		int length = end - begin;
		string.getBytes(begin, end, this.piece, 0);
		if (length > LONG_PIECE) {
			writeLong(hasher.hashBytesToLong(this.piece, 0, length));
		}
		else {
			writeBytes(this.piece, length);
		}
	}

	@Override
	void update(byte[] bytes, int length) {
		this.stream.putBytes(bytes, 0, length);
	}

	/**
	 * Return the hash of all that has been taken.
	 * @return the fingerprint
	 */
	long value() {
		flush();
		return this.stream.getAsLong();
	}

}
