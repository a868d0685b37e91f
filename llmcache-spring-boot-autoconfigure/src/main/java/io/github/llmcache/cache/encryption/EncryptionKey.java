package io.github.llmcache.cache.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key with which a cache is encrypted: 32 random bytes. Immutable, and shown by its
 * identifier only.
 */
public final class EncryptionKey {

	/** The length of a key in bytes. */
	public static final int LENGTH = 32;

	/** The length of the identifier in bytes. */
	static final int ID_LENGTH = 8;

	private static final String HMAC = "HmacSHA256";

	private static final int HEX_LENGTH = 2 * LENGTH;

	private final byte[] bytes;

	private final byte[] id;

	private EncryptionKey(byte[] bytes) {
		this.bytes = bytes;
		this.id = Arrays.copyOf(derive("id"), ID_LENGTH);
	}

	/**
	 * Create a key.
	 * @param bytes {@value #LENGTH} random bytes; copied
	 * @return the key
	 * @throws IllegalArgumentException if it has another length, or all bytes are the
	 * same; the message tells nothing of them
	 */
	public static EncryptionKey of(byte[] bytes) {
		if (bytes.length != LENGTH) {
			throw new IllegalArgumentException("A key has " + LENGTH + " bytes, not " + bytes.length);
		}
		boolean same = true;
		for (byte each : bytes) {
			same &= each == bytes[0];
		}
		if (same) {
			throw new IllegalArgumentException(
					"A key has " + LENGTH + " random bytes, not the same one again and again");
		}
		return new EncryptionKey(bytes.clone());
	}

	/**
	 * Read a key. A password is none: nobody could make up one that is hard enough to
	 * guess.
	 * @param text the {@value #LENGTH} bytes in Base64 or hexadecimal; white space around
	 * them is ignored
	 * @return the key
	 * @throws IllegalArgumentException if the text is no key; the message tells nothing
	 * of it
	 */
	public static EncryptionKey parse(String text) {
		String trimmed = text.strip();
		byte[] bytes;
		try {
			bytes = (trimmed.length() == HEX_LENGTH) ? HexFormat.of().parseHex(trimmed)
					: Base64.getDecoder().decode(trimmed);
		}
		catch (IllegalArgumentException ex) {
			// It is not the cause: its message quotes a character of the key
			throw new IllegalArgumentException("It is neither Base64 nor hexadecimal");
		}
		return of(bytes);
	}

	/**
	 * Return what tells this key from others and nothing else: it cannot be found from
	 * it.
	 * @return the identifier, 16 hexadecimal digits
	 */
	public String id() {
		return HexFormat.of().formatHex(this.id);
	}

	byte[] idBytes() {
		return this.id;
	}

	/**
	 * Derive a key for one purpose, as HKDF-Expand does (RFC 5869) with the key itself as
	 * the pseudorandom key, which it is.
	 * @param purpose the purpose
	 * @return {@value #LENGTH} bytes
	 */
	byte[] derive(String purpose) {
		try {
			Mac mac = Mac.getInstance(HMAC);
			mac.init(new SecretKeySpec(this.bytes, HMAC));
			mac.update(("llmcache " + purpose).getBytes(StandardCharsets.US_ASCII));
			return mac.doFinal(new byte[] { 1 });
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + HMAC, ex);
		}
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof EncryptionKey key && MessageDigest.isEqual(this.bytes, key.bytes);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.id);
	}

	@Override
	public String toString() {
		return "EncryptionKey[" + id() + "]";
	}

}
