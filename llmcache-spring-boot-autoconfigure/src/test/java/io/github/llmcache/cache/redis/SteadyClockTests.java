package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SteadyClock}.
 */
class SteadyClockTests {

	private final SteadyClock clock = new SteadyClock();

	@Test
	void timePasses() {
		Instant before = this.clock.instant();
		await().until(() -> this.clock.instant().isAfter(before.plusMillis(5)));
	}

	@Test
	void timeOfDayMakesNoDifference() {
		assertThat(this.clock.instant()).isBetween(Instant.EPOCH, Instant.EPOCH.plus(Duration.ofDays(1)));
	}

}
