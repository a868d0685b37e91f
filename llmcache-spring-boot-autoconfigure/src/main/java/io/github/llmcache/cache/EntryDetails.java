package io.github.llmcache.cache;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What can be said of an entry without reading its responses. Each detail is read when it
 * is first asked for, if the store has to read more for it: ask only for what is needed,
 * and only while the entry is being passed on. Used by one thread.
 */
public interface EntryDetails {

	/**
	 * Return the key.
	 * @return the key
	 */
	CacheKey key();

	/**
	 * Return the space that the entry takes.
	 * @return about how many bytes
	 */
	long bytes();

	/**
	 * Return when the entry was last used, as far as that was
	 * {@linkplain CacheStore#touch recorded}.
	 * @return the time, not before the newest response was made
	 */
	Instant lastUsed();

	/**
	 * Return what else is known.
	 * @return the facts, or {@code null} if the entry cannot be read
	 */
	@Nullable Facts facts();

	/**
	 * Return how the request can be compared with others.
	 * @return the hashes, or {@code null} if the request is not stored or cannot be read
	 */
	@Nullable RequestHashes hashes();

	/**
	 * Facts about an entry.
	 *
	 * @param namespace the namespace that the key was made for
	 * @param createdAt when the oldest response was made
	 * @param expiresAt when the entry expires, or {@code null} for never
	 * @param samples how many samples there are
	 * @param costNanos what they had cost, in billionths of a US dollar, or {@code null}
	 * if unknown
	 * @param finishReason the name of the first sample's finish reason
	 */
	record Facts(String namespace, Instant createdAt, @Nullable Instant expiresAt, int samples,
			@Nullable Long costNanos, String finishReason) {
	}

}
