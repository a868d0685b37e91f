package io.github.llmcache.cache;

import java.security.MessageDigest;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SharedPieces}.
 */
class SharedPiecesTests {

	private final SharedPieces pieces = new SharedPieces();

	private final CountingDigest digest = new CountingDigest();

	@Test
	void pieceIsHashedTwiceAtMost() {
		byte[] piece = piece(1);
		for (int i = 0; i < 10; i++) {
			assertThat(hash(piece.clone())).isEqualTo(sha256(piece));
		}
		assertThat(this.digest.count).isEqualTo(2);
	}

	@Test
	void pieceThatNeverComesAgainIsNotKept() {
		for (int i = 0; i < 100; i++) {
			hash(piece(i));
		}
		assertThat(this.pieces.size()).isZero();
	}

	@Test
	void pieceIsWhatItsBytesAreAndNotItsSignature() {
		byte[] one = piece(1);
		byte[] two = one.clone();
		// Between two samples
		two[20] ^= 1;
		assertThat(SharedPieces.signature(two, two.length)).isEqualTo(SharedPieces.signature(one, one.length));
		for (byte[] piece : List.of(one, one, one, two, two, two, two, one, two, one, one, two)) {
			assertThat(hash(piece)).isEqualTo(sha256(piece));
		}
		assertThat(this.pieces.size()).isOne();
	}

	@Test
	void lengthCounts() {
		byte[] zeros = new byte[KeyHash.PIECE];
		byte[] moreZeros = new byte[2 * KeyHash.PIECE];
		for (int i = 0; i < 4; i++) {
			assertThat(hash(zeros)).isEqualTo(sha256(zeros));
			assertThat(hash(moreZeros)).isEqualTo(sha256(moreZeros));
		}
	}

	@Test
	void keptBytesAreACopy() {
		byte[] buffer = piece(1);
		hash(buffer);
		hash(buffer);
		buffer[20] ^= 1;
		assertThat(hash(buffer)).isEqualTo(sha256(buffer));
	}

	@Test
	void piecesThatComeAgainReplaceThoseThatDoNot() {
		int many = 4000;
		for (int i = 0; i < many; i++) {
			for (int time = 0; time < 4; time++) {
				hash(piece(i));
			}
		}
		assertThat(this.pieces.size()).isLessThanOrEqualTo(512);
		this.digest.count = 0;
		for (int time = 0; time < 10; time++) {
			hash(piece(many));
		}
		assertThat(this.digest.count).isLessThanOrEqualTo(3);
	}

	private byte[] hash(byte[] piece) {
		return this.pieces.hash(piece, piece.length, this.digest);
	}

	private static byte[] sha256(byte[] piece) {
		return Sha256KeyHash.createDigest().digest(piece);
	}

	private static byte[] piece(int seed) {
		byte[] piece = new byte[KeyHash.PIECE];
		new Random(seed).nextBytes(piece);
		return piece;
	}

	private static final class CountingDigest extends MessageDigest {

		private final MessageDigest digest = Sha256KeyHash.createDigest();

		private int count;

		private CountingDigest() {
			super("SHA-256");
		}

		@Override
		protected void engineUpdate(byte input) {
			this.digest.update(input);
		}

		@Override
		protected void engineUpdate(byte[] input, int offset, int length) {
			this.digest.update(input, offset, length);
		}

		@Override
		protected byte[] engineDigest() {
			this.count++;
			return this.digest.digest();
		}

		@Override
		protected void engineReset() {
			this.digest.reset();
		}

	}

}
