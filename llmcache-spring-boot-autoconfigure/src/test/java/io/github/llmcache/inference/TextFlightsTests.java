package io.github.llmcache.inference;

import java.time.Duration;

import io.github.llmcache.InferenceCancelledException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TextFlights}.
 */
class TextFlightsTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private final TextFlights<String, String> flights = new TextFlights<>();

	@Test
	void firstToJoinLeadsAndOthersGetWhatItGets() {
		TextFlights<String, String>.Flight leader = this.flights.join("a");
		TextFlights<String, String>.Flight other = this.flights.join("a");
		assertThat(leader.isLeader()).isTrue();
		assertThat(other.isLeader()).isFalse();
		leader.complete("answer");
		assertThat(other.await(LONG)).isEqualTo("answer");
		assertThat(this.flights.size()).isZero();
		assertThat(this.flights.join("a").isLeader()).isTrue();
	}

	@Test
	void leaderThatFailsLeavesNobodyWaiting() {
		TextFlights<String, String>.Flight leader = this.flights.join("a");
		TextFlights<String, String>.Flight other = this.flights.join("a");
		leader.fail();
		assertThat(other.await(LONG)).isNull();
		assertThat(this.flights.size()).isZero();
	}

	@Test
	void failingAfterTheEndChangesNothing() {
		TextFlights<String, String>.Flight leader = this.flights.join("a");
		TextFlights<String, String>.Flight other = this.flights.join("a");
		leader.complete("answer");
		TextFlights<String, String>.Flight next = this.flights.join("a");
		leader.fail();
		assertThat(other.await(LONG)).isEqualTo("answer");
		assertThat(this.flights.join("a").isLeader()).isFalse();
		next.complete("next");
	}

	@Test
	void whoFindsNoFlightKnowsThatOneHasEnded() {
		long before = this.flights.ended();
		TextFlights<String, String>.Flight leader = this.flights.join("a");
		assertThat(this.flights.ended()).isEqualTo(before);
		leader.complete("answer");
		assertThat(this.flights.ended()).isGreaterThan(before);
	}

	@Test
	void patienceEnds() {
		this.flights.join("a");
		assertThat(this.flights.join("a").await(Duration.ofMillis(1))).isNull();
	}

	@Test
	void interruptEndsTheWait() {
		this.flights.join("a");
		TextFlights<String, String>.Flight other = this.flights.join("a");
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InferenceCancelledException.class).isThrownBy(() -> other.await(LONG));
		assertThat(Thread.interrupted()).isTrue();
	}

}
