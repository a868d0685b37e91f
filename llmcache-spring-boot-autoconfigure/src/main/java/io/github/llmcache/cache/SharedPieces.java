package io.github.llmcache.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Remembers the hashes of pieces that came more than once, so that requests that share a
 * long text, such as many questions about one document, pay for hashing it once.
 * <p>
 * Where to look for a piece is decided by a few of its bytes, whether it is the one by
 * all of them. A piece that comes for the first time leaves nothing but its signature.
 * The places are few: together their pieces take at most 4 MB. Thread-safe.
 */
final class SharedPieces {

	private static final int PLACES = 4 * 1024 * 1024 / (KeyHash.PIECE * Character.BYTES);

	private static final int SAMPLES = 64;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private final AtomicReferenceArray<@Nullable Piece> pieces = new AtomicReferenceArray<>(PLACES);

	/** What came lately and is not remembered. */
	private final AtomicLongArray signatures = new AtomicLongArray(PLACES);

	/**
	 * Return the hash of a piece.
	 * @param bytes begin with the piece
	 * @param length the length of the piece in bytes
	 * @param digest computes the hash if it is not remembered
	 * @return the hash; not to be changed
	 */
	byte[] hash(byte[] bytes, int length, MessageDigest digest) {
		long signature = signature(bytes, length);
		int place = (int) signature & PLACES - 1;
		Piece piece = this.pieces.get(place);
		if (piece != null && piece.isSame(bytes, length)) {
			piece.use();
			return piece.hash;
		}
		digest.update(bytes, 0, length);
		byte[] hash = digest.digest();
		if (hasComeAgain(signature) && (piece == null || piece.makesRoom())) {
			this.pieces.set(place, new Piece(Arrays.copyOf(bytes, length), hash));
		}
		return hash;
	}

	/**
	 * The signature is kept at another place than the piece, so that two pieces that are
	 * to be kept at the same one do not hide each other.
	 */
	private boolean hasComeAgain(long signature) {
		int place = (int) (signature >>> Integer.SIZE) & PLACES - 1;
		if (this.signatures.get(place) == signature) {
			return true;
		}
		this.signatures.set(place, signature);
		return false;
	}

	static long signature(byte[] bytes, int length) {
		long signature = length;
		int last = length - Long.BYTES;
		for (int i = 0; i < SAMPLES; i++) {
			long sample = (long) LONGS.get(bytes, (int) ((long) last * i / (SAMPLES - 1)));
			signature = (signature ^ sample) * 0x9E3779B97F4A7C15L;
			signature ^= signature >>> 29;
		}
		return signature;
	}

	/**
	 * Return how many pieces are remembered.
	 */
	int size() {
		int size = 0;
		for (int i = 0; i < PLACES; i++) {
			size += (this.pieces.get(i) != null) ? 1 : 0;
		}
		return size;
	}

	private static final class Piece {

		private final byte[] bytes;

		private final byte[] hash;

		private volatile boolean used = true;

		Piece(byte[] bytes, byte[] hash) {
			this.bytes = bytes;
			this.hash = hash;
		}

		boolean isSame(byte[] bytes, int length) {
			return Arrays.equals(this.bytes, 0, this.bytes.length, bytes, 0, length);
		}

		void use() {
			// Written only once, for threads that share a document read it all the time
			if (!this.used) {
				this.used = true;
			}
		}

		/**
		 * Return whether another one may have the place: not if this one came or was used
		 * since the last one that asked.
		 */
		boolean makesRoom() {
			boolean used = this.used;
			this.used = false;
			return !used;
		}

	}

}
