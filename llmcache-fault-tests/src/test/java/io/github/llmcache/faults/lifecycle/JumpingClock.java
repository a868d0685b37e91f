package io.github.llmcache.faults.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that somebody sets. Thread-safe.
 */
final class JumpingClock extends Clock {

	private volatile Duration fast = Duration.ZERO;

	/**
	 * Set the clock.
	 * @param fast by how much it is fast; negative if it is slow
	 */
	void set(Duration fast) {
		this.fast = fast;
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return this;
	}

	@Override
	public Instant instant() {
		return Instant.now().plus(this.fast);
	}

}
