package io.github.llmcache.cache;

import java.util.List;

/**
 * How large an entry may be. Every store refuses what is larger, so that no entry is
 * stored that could not be read again.
 *
 * @param bytes the most bytes that the bodies of an entry may have
 */
public record EntryLimit(long bytes) {

	/** More than any sensible number of samples has. */
	public static final int MAX_RESPONSES = 4096;

	/**
	 * Make sure that responses are small enough for an entry.
	 * @param responses the responses
	 * @throws CacheStoreException if they are larger than an entry may be
	 */
	public void check(List<CachedResponse> responses) {
		if (!allows(responses)) {
			throw new CacheStoreException("An entry of " + bodies(responses) + " bytes in " + responses.size()
					+ " responses is larger than llmcache.max-entry-size (" + this.bytes + " bytes)", null);
		}
	}

	/**
	 * Return whether responses are small enough for an entry.
	 * @param responses the responses
	 * @return whether an entry may have them
	 */
	public boolean allows(List<CachedResponse> responses) {
		return bodies(responses) <= this.bytes && responses.size() <= MAX_RESPONSES;
	}

	private static long bodies(List<CachedResponse> responses) {
		return responses.stream().mapToLong((response) -> response.body().length).sum();
	}

}
