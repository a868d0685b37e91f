package io.github.llmcache.cache.encryption;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.Pool;

/**
 * Turns the keys of entries into those under which they are stored, and back. Who has not
 * got the encryption key can tell neither from the other, and so cannot find out whether
 * a prompt is in the cache. Who has it can go back, so that entries are listed, deleted
 * and encrypted anew by their keys without being read. Thread-safe.
 * <p>
 * A hash is two blocks of AES-256 in CBC mode: hashes never repeat, so it needs no
 * initialization vector. A fingerprint is shorter than a block: it goes through a
 * balanced Feistel network of ten rounds, whose function is AES-256, as in FF1 (NIST SP
 * 800-38G).
 */
final class KeyPermutation {

	private static final int ROUNDS = 10;

	private static final int BLOCK = 16;

	private final Pool<Cipher> hashEncryption;

	private final Pool<Cipher> hashDecryption;

	private final Pool<Cipher> rounds;

	KeyPermutation(EncryptionKey key) {
		SecretKeySpec hashes = new SecretKeySpec(key.derive("hash"), "AES");
		SecretKeySpec fingerprints = new SecretKeySpec(key.derive("fingerprint"), "AES");
		this.hashEncryption = pool("AES/CBC/NoPadding", Cipher.ENCRYPT_MODE, hashes);
		this.hashDecryption = pool("AES/CBC/NoPadding", Cipher.DECRYPT_MODE, hashes);
		this.rounds = pool("AES/ECB/NoPadding", Cipher.ENCRYPT_MODE, fingerprints);
	}

	private static Pool<Cipher> pool(String transformation, int mode, SecretKeySpec key) {
		return new Pool<>(() -> {
			try {
				Cipher cipher = Cipher.getInstance(transformation);
				if (transformation.contains("CBC")) {
					cipher.init(mode, key, new IvParameterSpec(new byte[BLOCK]));
				}
				else {
					cipher.init(mode, key);
				}
				return cipher;
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException("Every Java platform has AES", ex);
			}
		}, (cipher) -> {
		});
	}

	/**
	 * Return under what an entry is stored.
	 * @param key its key
	 */
	CacheKey stored(CacheKey key) {
		return CacheKey.of(key.model(), () -> permute(key.fingerprint(), false),
				() -> crypt(this.hashEncryption, key.toBytes()));
	}

	/**
	 * Return the key of an entry.
	 * @param stored under what it is stored
	 */
	CacheKey plain(CacheKey stored) {
		return CacheKey.of(stored.model(), () -> plainFingerprint(stored.fingerprint()),
				() -> crypt(this.hashDecryption, stored.toBytes()));
	}

	long plainFingerprint(long stored) {
		return permute(stored, true);
	}

	private static byte[] crypt(Pool<Cipher> pool, byte[] hash) {
		Cipher cipher = pool.acquire();
		try {
			byte[] result = cipher.doFinal(hash);
			pool.release(cipher);
			return result;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("A hash is two blocks of AES", ex);
		}
	}

	private long permute(long value, boolean back) {
		Cipher cipher = this.rounds.acquire();
		try {
			ByteBuffer block = ByteBuffer.allocate(BLOCK);
			byte[] output = new byte[BLOCK];
			int left = (int) (value >>> Integer.SIZE);
			int right = (int) value;
			for (int i = 0; i < ROUNDS; i++) {
				int half = back ? left : right;
				block.putInt(0, back ? ROUNDS - 1 - i : i).putInt(Integer.BYTES, half);
				cipher.update(block.array(), 0, BLOCK, output);
				int mixed = ByteBuffer.wrap(output).getInt();
				if (back) {
					left = right ^ mixed;
					right = half;
				}
				else {
					right = left ^ mixed;
					left = half;
				}
			}
			this.rounds.release(cipher);
			return (long) left << Integer.SIZE | Integer.toUnsignedLong(right);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The block of AES has " + BLOCK + " bytes", ex);
		}
	}

}
