package io.github.llmcache.cache.encryption;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import io.github.llmcache.cache.Pool;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts bytes so that a change of them is noticed: the format as a byte, the
 * identifier of the key, a random nonce, and what AES-256-GCM makes of the rest.
 * Thread-safe.
 * <p>
 * As nonces are random, one key is good for 2<sup>32</sup> seals (NIST SP 800-38D).
 */
final class Seal {

	/** The format that is written, and the only one that is read. */
	static final byte FORMAT = 1;

	private static final int NONCE_LENGTH = 12;

	private static final int TAG_BITS = 128;

	private static final int HEADER_LENGTH = 1 + EncryptionKey.ID_LENGTH;

	/** How much longer something becomes. */
	static final int OVERHEAD = HEADER_LENGTH + NONCE_LENGTH + TAG_BITS / Byte.SIZE;

	private final EncryptionKey key;

	private final SecureRandom random;

	private final SecretKeySpec contents;

	private final SecretKeySpec details;

	private final Pool<Cipher> gcm = pool("AES/GCM/NoPadding");

	private final Pool<Cipher> stream = pool("AES/CTR/NoPadding");

	Seal(EncryptionKey key, SecureRandom random) {
		this.key = key;
		this.random = random;
		this.contents = new SecretKeySpec(key.derive("content"), "AES");
		this.details = new SecretKeySpec(key.derive("details"), "AES");
	}

	private static Pool<Cipher> pool(String transformation) {
		return new Pool<>(() -> {
			try {
				return Cipher.getInstance(transformation);
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException("Every Java platform has " + transformation, ex);
			}
		}, (cipher) -> {
		});
	}

	/**
	 * Return with which key something was sealed.
	 * @param bytes what may be sealed
	 * @return the identifier of the key, or {@code null} if it is not sealed
	 */
	static @Nullable String keyId(byte[] bytes) {
		return (bytes.length >= OVERHEAD && bytes[0] == FORMAT) ? HexFormat.of().formatHex(bytes, 1, HEADER_LENGTH)
				: null;
	}

	/**
	 * Encrypt something.
	 * @param plain what is secret
	 * @param bound what else must be the same when it is decrypted
	 * @return the sealed bytes
	 */
	byte[] seal(byte[] plain, byte[] bound) {
		byte[] sealed = new byte[OVERHEAD + plain.length];
		byte[] nonce = new byte[NONCE_LENGTH];
		this.random.nextBytes(nonce);
		ByteBuffer.wrap(sealed).put(FORMAT).put(this.key.idBytes()).put(nonce);
		Cipher cipher = this.gcm.acquire();
		try {
			cipher.init(Cipher.ENCRYPT_MODE, this.contents, new GCMParameterSpec(TAG_BITS, nonce));
			cipher.updateAAD(sealed, 0, HEADER_LENGTH);
			cipher.updateAAD(bound);
			cipher.doFinal(plain, 0, plain.length, sealed, HEADER_LENGTH + NONCE_LENGTH);
			this.gcm.release(cipher);
			return sealed;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("AES-GCM does not encrypt", ex);
		}
	}

	/**
	 * Decrypt something.
	 * @param sealed the sealed bytes
	 * @param bound what else must be the same as when it was encrypted
	 * @return what is secret
	 * @throws UnreadableEntryException if it was not sealed like that
	 */
	byte[] unseal(byte[] sealed, byte[] bound) throws UnreadableEntryException {
		if (sealed.length < OVERHEAD || sealed[0] != FORMAT
				|| !Arrays.equals(sealed, 1, HEADER_LENGTH, this.key.idBytes(), 0, EncryptionKey.ID_LENGTH)) {
			throw new UnreadableEntryException("The entry is not encrypted with the key " + this.key.id(), null);
		}
		int start = HEADER_LENGTH + NONCE_LENGTH;
		Cipher cipher = this.gcm.acquire();
		try {
			cipher.init(Cipher.DECRYPT_MODE, this.contents,
					new GCMParameterSpec(TAG_BITS, sealed, HEADER_LENGTH, NONCE_LENGTH));
			cipher.updateAAD(sealed, 0, HEADER_LENGTH);
			cipher.updateAAD(bound);
			byte[] plain = cipher.doFinal(sealed, start, sealed.length - start);
			this.gcm.release(cipher);
			return plain;
		}
		catch (AEADBadTagException ex) {
			throw new UnreadableEntryException("The encrypted entry has been changed", null);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("AES-GCM does not decrypt", ex);
		}
	}

	/**
	 * Encrypt or decrypt something that has to keep its length, and of which an entry has
	 * one.
	 * @param bytes what is encrypted or decrypted
	 * @param stored the hash under which the entry is stored
	 * @return as many bytes
	 */
	byte[] crypt(byte[] bytes, byte[] stored) {
		Cipher cipher = this.stream.acquire();
		try {
			cipher.init(Cipher.ENCRYPT_MODE, this.details, new IvParameterSpec(stored, 0, cipher.getBlockSize()));
			byte[] result = cipher.doFinal(bytes);
			this.stream.release(cipher);
			return result;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("AES-CTR does not encrypt", ex);
		}
	}

}
