package io.github.llmcache.cache;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256, on which rests that no request gets the answer of another.
 */
final class Sha256KeyHash extends KeyHash {

	private final MessageDigest digest = createDigest();

	/** Another one, for pieces are hashed in the middle of a request. */
	private final MessageDigest pieceDigest = createDigest();

	private final SharedPieces sharedPieces;

	// Strings go through arrays because that is where the JVM copies, checks and swaps
	// many characters at once, and buffers over them because those can be kept
	private final char[] units = new char[PIECE];

	private final byte[] piece = new byte[PIECE * Character.BYTES];

	private final CharBuffer unitsBuffer = CharBuffer.wrap(this.units);

	private final ByteBuffer latin1Buffer = ByteBuffer.wrap(this.piece);

	private final CharBuffer utf16Buffer = ByteBuffer.wrap(this.piece).asCharBuffer();

	private final CharsetEncoder latin1 = StandardCharsets.ISO_8859_1.newEncoder();

	private long length;

	/**
	 * Create a hash.
	 * @param sharedPieces knows the hashes of pieces that come again and again
	 */
	Sha256KeyHash(SharedPieces sharedPieces) {
		this.sharedPieces = sharedPieces;
	}

	static MessageDigest createDigest() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	@Override
	void reset() {
		super.reset();
		this.digest.reset();
		this.length = 0;
	}

	@Override
	void writePiece(String string, int begin, int end) {
		int count = end - begin;
		string.getChars(begin, end, this.units, 0);
		boolean isLatin1 = encodeLatin1(count);
		if (!isLatin1) {
			this.utf16Buffer.clear().put(this.units, 0, count);
		}
		int size = isLatin1 ? count : count * Character.BYTES;
		writeByte(isLatin1 ? 'l' : 'u');
		if (count < PIECE) {
			writeBytes(this.piece, size);
			return;
		}
		byte[] hash = this.sharedPieces.hash(this.piece, size, this.pieceDigest);
		writeBytes(hash, hash.length);
		this.length += size - hash.length;
	}

	private boolean encodeLatin1(int count) {
		this.unitsBuffer.clear().limit(count);
		return !this.latin1.reset().encode(this.unitsBuffer, this.latin1Buffer.clear(), true).isError();
	}

	@Override
	void update(byte[] bytes, int length) {
		this.digest.update(bytes, 0, length);
		this.length += length;
	}

	/**
	 * Return the hash of all that has been taken.
	 * @return the hash, {@value CacheKey#LENGTH} bytes
	 */
	byte[] digest() {
		flush();
		return this.digest.digest();
	}

	/**
	 * Return how long all that has been taken is, before it was hashed.
	 * @return the number of bytes, once the digest has been computed
	 */
	long length() {
		return this.length;
	}

}
