package io.github.llmcache.cache;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The identity of a request: the model it is for, by which stores keep entries apart, and
 * a SHA-256 hash over everything that decides the answer.
 */
public final class CacheKey {

	/** The length of a key's hash in bytes. */
	public static final int LENGTH = 32;

	private final String model;

	private final byte[] hash;

	private final int hashCode;

	private CacheKey(String model, byte[] hash) {
		this.model = Objects.requireNonNull(model, "'model' must not be null");
		this.hash = hash;
		this.hashCode = ByteBuffer.wrap(hash).getInt();
	}

	/**
	 * Create a key.
	 * @param model the model's id, any string
	 * @param hash the hash, {@value #LENGTH} bytes; copied
	 * @return the key
	 * @throws IllegalArgumentException if the hash has another length
	 */
	public static CacheKey of(String model, byte[] hash) {
		if (hash.length != LENGTH) {
			throw new IllegalArgumentException("A key has " + LENGTH + " bytes, not " + hash.length);
		}
		return new CacheKey(model, hash.clone());
	}

	/**
	 * Return the model's id. It is data from outside, never part of a path as it is.
	 * @return the model's id
	 */
	public String model() {
		return this.model;
	}

	/**
	 * Return the hash.
	 * @return a copy of the hash, {@value #LENGTH} bytes
	 */
	public byte[] toBytes() {
		return this.hash.clone();
	}

	/**
	 * Return the hash as text.
	 * @return the hash in lower-case hexadecimal
	 */
	public String hex() {
		return HexFormat.of().formatHex(this.hash);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof CacheKey key && Arrays.equals(this.hash, key.hash) && this.model.equals(key.model);
	}

	@Override
	public int hashCode() {
		return this.hashCode;
	}

	@Override
	public String toString() {
		return hex();
	}

}
