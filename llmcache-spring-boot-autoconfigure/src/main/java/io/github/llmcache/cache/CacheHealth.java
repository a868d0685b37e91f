package io.github.llmcache.cache;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Whether a store works.
 *
 * @param failure what goes wrong with one of its uses lately, or {@code null} if nothing
 * does
 * @param since when it began to fail, or {@code null} if it works
 */
public record CacheHealth(@Nullable String failure, @Nullable Instant since) {

	/** The store works. */
	public static final CacheHealth UP = new CacheHealth(null, null);

	/**
	 * Return whether the store works.
	 * @return whether none of its uses has failed lately
	 */
	public boolean isUp() {
		return this.failure == null;
	}

}
