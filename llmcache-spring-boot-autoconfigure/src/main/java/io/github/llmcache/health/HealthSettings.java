package io.github.llmcache.health;

import java.time.InstantSource;
import java.util.Objects;

/**
 * When the health indicator is down.
 *
 * @param writes whether the application writes to the store, so that it has to be
 * writable
 * @param leastFreeBytes the space that has to be left then, in bytes, if the store knows
 * how much there is; 0 for any
 * @param clock the time
 */
public record HealthSettings(boolean writes, long leastFreeBytes, InstantSource clock) {

	public HealthSettings {
		Objects.requireNonNull(clock, "'clock' must not be null");
	}

}
