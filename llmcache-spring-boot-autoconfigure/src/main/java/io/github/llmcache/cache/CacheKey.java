package io.github.llmcache.cache;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.zip.Checksum;

import org.jspecify.annotations.Nullable;

/**
 * The identity of a request: the model it is for, by which stores keep entries apart, and
 * a SHA-256 hash over everything that decides the answer.
 * <p>
 * The hash alone decides whether two keys are the same. The fingerprint is another, much
 * faster hash over the same, by which a store can find candidates: on a miss there are
 * none, and SHA-256 is never computed. Both are computed when they are first asked for.
 * Thread-safe.
 */
public final class CacheKey {

	/** The length of a key's hash in bytes. */
	public static final int LENGTH = 32;

	private final String model;

	private final @Nullable CacheRequest request;

	private final @Nullable LongSupplier fingerprintSource;

	private final @Nullable Supplier<byte[]> hashSource;

	private volatile @Nullable Long fingerprint;

	private volatile CacheKeyHasher.@Nullable Sha256 hash;

	private CacheKey(String model, @Nullable CacheRequest request, @Nullable LongSupplier fingerprintSource,
			@Nullable Supplier<byte[]> hashSource, @Nullable Long fingerprint, CacheKeyHasher.@Nullable Sha256 hash) {
		this.model = Objects.requireNonNull(model, "'model' must not be null");
		this.request = request;
		this.fingerprintSource = fingerprintSource;
		this.hashSource = hashSource;
		this.fingerprint = fingerprint;
		this.hash = hash;
	}

	static CacheKey of(CacheRequest request) {
		return new CacheKey(request.model(), request, null, null, null, null);
	}

	/**
	 * Create a key.
	 * @param model the model's id, any string
	 * @param fingerprint the fingerprint
	 * @param hash the hash, {@value #LENGTH} bytes; copied
	 * @return the key
	 * @throws IllegalArgumentException if the hash has another length
	 */
	public static CacheKey of(String model, long fingerprint, byte[] hash) {
		return new CacheKey(model, null, null, null, fingerprint, known(hash));
	}

	/**
	 * Create a key whose fingerprint takes some effort to find.
	 * @param model the model's id, any string
	 * @param fingerprint finds the fingerprint when it is first asked for; must not throw
	 * @param hash the hash, {@value #LENGTH} bytes; copied
	 * @return the key
	 * @throws IllegalArgumentException if the hash has another length
	 */
	public static CacheKey of(String model, LongSupplier fingerprint, byte[] hash) {
		return new CacheKey(model, null, Objects.requireNonNull(fingerprint, "'fingerprint' must not be null"), null,
				null, known(hash));
	}

	/**
	 * Create a key that takes some effort to find.
	 * @param model the model's id, any string
	 * @param fingerprint finds the fingerprint when it is first asked for; must not throw
	 * @param hash finds the hash, {@value #LENGTH} bytes, when it is first asked for;
	 * must not throw
	 * @return the key
	 */
	public static CacheKey of(String model, LongSupplier fingerprint, Supplier<byte[]> hash) {
		return new CacheKey(model, null, Objects.requireNonNull(fingerprint, "'fingerprint' must not be null"),
				Objects.requireNonNull(hash, "'hash' must not be null"), null, null);
	}

	private static CacheKeyHasher.Sha256 known(byte[] hash) {
		if (hash.length != LENGTH) {
			throw new IllegalArgumentException("A key has " + LENGTH + " bytes, not " + hash.length);
		}
		return new CacheKeyHasher.Sha256(hash.clone(), LENGTH);
	}

	/**
	 * Return the model's id. It is data from outside, never part of a path as it is.
	 * @return the model's id
	 */
	public String model() {
		return this.model;
	}

	/**
	 * Return the fingerprint. Different keys may have the same one.
	 * @return the fingerprint
	 */
	public long fingerprint() {
		Long fingerprint = this.fingerprint;
		if (fingerprint == null) {
			fingerprint = findFingerprint();
			this.fingerprint = fingerprint;
		}
		return fingerprint;
	}

	private long findFingerprint() {
		if (this.fingerprintSource != null) {
			return this.fingerprintSource.getAsLong();
		}
		CacheRequest request = Objects.requireNonNull(this.request);
		return request.hasher().fingerprint(request);
	}

	/**
	 * Return how long the request is: about as long as it is in memory.
	 */
	long encodedLength() {
		return hash().encodedLength();
	}

	/**
	 * Return the hash.
	 * @return a copy of the hash, {@value #LENGTH} bytes
	 */
	public byte[] toBytes() {
		return hash().bytes().clone();
	}

	/**
	 * Return whether this key has the given hash.
	 * @param hash the hash of a candidate
	 * @return whether the candidate is the one
	 */
	public boolean matches(byte[] hash) {
		return Arrays.equals(hash().bytes(), hash);
	}

	/**
	 * Return the hash as text.
	 * @return the hash in lower-case hexadecimal
	 */
	public String hex() {
		return HexFormat.of().formatHex(hash().bytes());
	}

	/**
	 * Add the hash to a checksum.
	 */
	void update(Checksum checksum) {
		checksum.update(hash().bytes());
	}

	/**
	 * Return whether the hash begins with some digits.
	 * @param digits lower-case hexadecimal digits
	 */
	boolean startsWith(String digits) {
		byte[] bytes = hash().bytes();
		if (digits.length() > 2 * bytes.length) {
			return false;
		}
		for (int i = 0; i < digits.length(); i++) {
			int nibble = (i % 2 == 0) ? bytes[i / 2] >> 4 : bytes[i / 2];
			if (Character.forDigit(nibble & 0xF, 16) != digits.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Compare the hashes, which is the order of what {@link #hex()} returns.
	 */
	int compareHash(CacheKey other) {
		return Arrays.compareUnsigned(hash().bytes(), other.hash().bytes());
	}

	private CacheKeyHasher.Sha256 hash() {
		CacheKeyHasher.Sha256 hash = this.hash;
		if (hash == null) {
			hash = findHash();
			this.hash = hash;
		}
		return hash;
	}

	private CacheKeyHasher.Sha256 findHash() {
		if (this.hashSource != null) {
			return known(this.hashSource.get());
		}
		CacheRequest request = Objects.requireNonNull(this.request);
		return request.hasher().hash(request);
	}

	/**
	 * Return this key without what it is computed of, for whoever keeps many of them.
	 * @return an equal key, whose hash is known
	 */
	public CacheKey detached() {
		return (this.request != null) ? of(this.model, fingerprint(), hash().bytes()) : this;
	}

	@Override
	public boolean equals(Object other) {
		return other == this || other instanceof CacheKey key && this.model.equals(key.model)
				&& fingerprint() == key.fingerprint() && matches(key.hash().bytes());
	}

	@Override
	public int hashCode() {
		return Long.hashCode(fingerprint());
	}

	@Override
	public String toString() {
		return hex();
	}

}
