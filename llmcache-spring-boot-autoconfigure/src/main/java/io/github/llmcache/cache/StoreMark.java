package io.github.llmcache.cache;

import org.jspecify.annotations.Nullable;

/**
 * A few bytes that a store keeps about all that it holds, beside the entries: with which
 * keys they are encrypted. Whoever deletes entries does not delete it. Thread-safe.
 */
public interface StoreMark {

	/** The most bytes that a mark has. */
	int MAX_LENGTH = 1024;

	/**
	 * Read the mark.
	 * @return the mark, or {@code null} if there is none
	 * @throws CacheStoreException if the store fails
	 */
	byte @Nullable [] read();

	/**
	 * Replace the mark, unless somebody else has. Survives the end of the process.
	 * @param expected the mark as it was read, or {@code null} for none
	 * @param mark the new mark, or {@code null} for none
	 * @return whether it was replaced; if not, it is another one than expected
	 * @throws CacheStoreException if the store fails
	 */
	boolean replace(byte @Nullable [] expected, byte @Nullable [] mark);

	/**
	 * Take the right to encrypt what the store holds with another key.
	 * @return the right, which ends with the process at the latest, or {@code null} if
	 * another process has it
	 * @throws CacheStoreException if the store fails
	 */
	@Nullable CallLease tryLease();

}
