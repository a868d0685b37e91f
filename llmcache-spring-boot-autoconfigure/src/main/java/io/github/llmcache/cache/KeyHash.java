package io.github.llmcache.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * Takes the encoding of a request piece by piece and hashes it.
 */
interface KeyHash {

	/**
	 * Encode a string.
	 * @param string the string
	 * @return its bytes
	 */
	byte[] encode(String string);

	/**
	 * Take the next bytes.
	 * @param bytes the bytes
	 * @param length how many of them
	 */
	void update(byte[] bytes, int length);

	/**
	 * SHA-256, on which rests that no request gets the answer of another.
	 */
	final class Sha256 implements KeyHash {

		private final MessageDigest digest;

		Sha256() {
			try {
				this.digest = MessageDigest.getInstance("SHA-256");
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException("Every Java platform has SHA-256", ex);
			}
		}

		@Override
		public byte[] encode(String string) {
			return Utf8.encode(string);
		}

		@Override
		public void update(byte[] bytes, int length) {
			this.digest.update(bytes, 0, length);
		}

		byte[] digest() {
			return this.digest.digest();
		}

	}

	/**
	 * XXH3, several times faster. That lone surrogates are all the same to it makes it no
	 * worse at finding candidates.
	 */
	final class Fingerprint implements KeyHash {

		/**
		 * From here on, hashing apart is faster than through the stream. Frozen, for it
		 * is a part of fingerprints.
		 */
		private static final int LONG = 1024;

		private static final Hasher64 hasher = Hashing.xxh3_64();

		private final HashStream64 stream = hasher.hashStream();

		private long length;

		@Override
		public byte[] encode(String string) {
			return string.getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public void update(byte[] bytes, int length) {
			this.length += length;
			if (length >= LONG) {
				this.stream.putLong(hasher.hashBytesToLong(bytes, 0, length));
			}
			else {
				this.stream.putBytes(bytes, 0, length);
			}
		}

		long value() {
			return this.stream.getAsLong();
		}

		long length() {
			return this.length;
		}

	}

}
