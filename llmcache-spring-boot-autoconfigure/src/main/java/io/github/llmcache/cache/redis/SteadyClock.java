package io.github.llmcache.cache.redis;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that nobody sets: it says how much time has passed, not what time it is.
 * Thread-safe.
 */
final class SteadyClock extends Clock {

	private final long start = System.nanoTime();

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		// Of no use where there is no time of day
		return this;
	}

	@Override
	public Instant instant() {
		return Instant.EPOCH.plusNanos(System.nanoTime() - this.start);
	}

}
