package io.github.llmcache.cache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How long, and how much, is kept of a model.
 *
 * @param timeToLive how long an entry may be used from when its oldest response was made,
 * or {@code null} for ever
 * @param maxBytes about the most space that its entries take, in bytes, or {@code null}
 * @param maxEntries about the most entries, or {@code null}
 */
public record Retention(@Nullable Duration timeToLive, @Nullable Long maxBytes, @Nullable Long maxEntries) {

	/** Everything, for ever. */
	public static final Retention UNLIMITED = new Retention(null, null, null);

	public Retention {
		if (timeToLive != null && (timeToLive.isZero() || timeToLive.isNegative())) {
			throw new IllegalArgumentException("'timeToLive' must be positive");
		}
		if (maxBytes != null && maxBytes < 1) {
			throw new IllegalArgumentException("'maxBytes' must be positive");
		}
		if (maxEntries != null && maxEntries < 1) {
			throw new IllegalArgumentException("'maxEntries' must be positive");
		}
	}

	/**
	 * Return whether entries may have to go to make room for others.
	 * @return whether there is a most
	 */
	public boolean isBounded() {
		return this.maxBytes != null || this.maxEntries != null;
	}

}
