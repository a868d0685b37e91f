package io.github.llmcache.health;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmcache.cache.CacheHealth;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.StoreStatus;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmCacheHealthIndicator} and {@link StatusProbe}.
 */
class LlmCacheHealthIndicatorTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private final CacheManager cacheManager = Mockito.mock(CacheManager.class);

	private Instant now = START;

	@BeforeEach
	void cacheWorks() {
		BDDMockito.given(this.cacheManager.backend()).willReturn("sqlite");
		BDDMockito.given(this.cacheManager.health()).willReturn(CacheHealth.UP);
	}

	@ParameterizedTest
	@CsvSource({ "true, , , 100, UP, ", "true, , , , UP, ", "true, , , 99, DOWN, There is less space",
			"true, , disk full, 0, DOWN, disk full", "true, gone, gone, , DOWN, gone", "false, , read-only, 0, UP, ",
			"false, gone, gone, , DOWN, gone" })
	void statusDecides(boolean writes, @Nullable String readFailure, @Nullable String writeFailure, @Nullable Long free,
			String expected, @Nullable String failure) {
		BDDMockito.given(this.cacheManager.status())
			.willReturn(new StoreStatus(readFailure, writeFailure, "SQLite 3.51.0, schema 3", free));
		Health health = health(indicator(writes));
		assertThat(health.getStatus()).isEqualTo(new Status(expected));
		assertThat(health.getDetails()).containsEntry("backend", "sqlite")
			.containsEntry("version", "SQLite 3.51.0, schema 3")
			.containsEntry("readable", readFailure == null);
		assertThat(health.getDetails().get("writable")).isEqualTo(writes ? writeFailure == null : null);
		assertThat(String.valueOf(health.getDetails().get("failure"))).startsWith(String.valueOf(failure));
	}

	@Test
	void whatRequestsHaveMetSaysMoreThanWhatIsTried() {
		BDDMockito.given(this.cacheManager.health()).willReturn(new CacheHealth("one file is corrupt", START));
		BDDMockito.given(this.cacheManager.status()).willReturn(new StoreStatus(null, null, null, null));
		assertThat(health(indicator(true)).getDetails()).containsEntry("failure", "one file is corrupt")
			.containsEntry("since", START)
			.containsEntry("readable", true);
	}

	@Test
	void storeIsTriedEveryFewSecondsHoweverOftenSomebodyAsks() {
		BDDMockito.given(this.cacheManager.status()).willReturn(new StoreStatus(null, null, null, null));
		LlmCacheHealthIndicator indicator = indicator(true);
		health(indicator);
		this.now = START.plus(StatusProbe.INTERVAL).minusNanos(1);
		health(indicator);
		BDDMockito.then(this.cacheManager).should(Mockito.times(1)).status();
		this.now = START.plus(StatusProbe.INTERVAL);
		health(indicator);
		BDDMockito.then(this.cacheManager).should(Mockito.times(2)).status();
	}

	@Test
	void clockThatIsSetBackDoesNotKeepTheOldHealth() {
		BDDMockito.given(this.cacheManager.status()).willReturn(new StoreStatus("gone", null, null, null));
		LlmCacheHealthIndicator indicator = indicator(true);
		assertThat(health(indicator).getStatus()).isEqualTo(Status.DOWN);
		BDDMockito.given(this.cacheManager.status()).willReturn(new StoreStatus(null, null, null, null));
		this.now = Instant.EPOCH;
		assertThat(health(indicator).getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void nobodyWaitsForWhoIsTrying() throws InterruptedException {
		CountDownLatch answer = new CountDownLatch(1);
		AtomicInteger tries = new AtomicInteger();
		StatusProbe probe = new StatusProbe(() -> {
			tries.incrementAndGet();
			await(answer);
			return new StoreStatus("gone", null, null, null);
		}, () -> this.now);
		Thread thread = new Thread(probe::status);
		thread.start();
		Awaitility.await().until(() -> tries.get() == 1);
		assertThat(probe.status()).isNull();
		answer.countDown();
		thread.join();
		assertThat(probe.status()).isEqualTo(new StoreStatus("gone", null, null, null));
		assertThat(tries).hasValue(1);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private LlmCacheHealthIndicator indicator(boolean writes) {
		return new LlmCacheHealthIndicator(this.cacheManager, new HealthSettings(writes, 100, () -> this.now));
	}

	private static Health health(LlmCacheHealthIndicator indicator) {
		return Objects.requireNonNull(indicator.health());
	}

}
