package io.github.llmcache.cache;

import java.time.Duration;

/**
 * How much of the cache is kept in memory as well.
 *
 * @param maximumSize about the most bytes that it takes, 0 for nothing
 * @param timeToLive how long it may go unnoticed that another process has changed or
 * deleted an entry
 */
public record MemorySettings(long maximumSize, Duration timeToLive) {

	/** Nothing is kept in memory. */
	public static final MemorySettings OFF = new MemorySettings(0, Duration.ZERO);

}
