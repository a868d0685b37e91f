package io.github.llmcache.inference;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConfiguredBudget}.
 */
class ConfiguredBudgetTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private long now = -5 * SECOND;

	@Test
	void secondsWorthIsThereAtOnceAndTheRestComesEvenly() {
		ConfiguredBudget budget = budget(600, 1);
		assertThat(uses(budget)).isEqualTo(10);
		assertThat(budget.nanosUntil(1)).isEqualTo(SECOND / 10);
		int uses = 0;
		for (int i = 0; i < 600; i++) {
			this.now += SECOND / 10;
			uses += uses(budget);
		}
		assertThat(uses).isEqualTo(600);
		this.now += 3600 * SECOND;
		assertThat(uses(budget)).isEqualTo(10);
	}

	@Test
	void onlyTheFractionComes() {
		ConfiguredBudget budget = budget(1200, 0.5);
		assertThat(uses(budget)).isEqualTo(10);
		assertThat(budget.nanosUntil(1)).isEqualTo(SECOND / 10);
	}

	@Test
	void lessThanOneASecondIsPossible() {
		ConfiguredBudget budget = budget(1, 0.5);
		assertThat(uses(budget)).isEqualTo(1);
		assertThat(budget.nanosUntil(1)).isEqualTo(120 * SECOND);
	}

	@Test
	void moreThanABurstIsPaidOffLater() {
		ConfiguredBudget budget = budget(600, 1);
		assertThat(budget.nanosUntil(50)).isZero();
		budget.use(50);
		assertThat(budget.nanosUntil(1)).isEqualTo((41 * SECOND) / 10);
	}

	@Test
	void moreThanAMinutesWorthCountsAsThat() {
		ConfiguredBudget budget = budget(600, 1);
		budget.use(Long.MAX_VALUE);
		assertThat(budget.nanosUntil(Long.MAX_VALUE)).isEqualTo(60 * SECOND);
		budget.correct(0, Long.MAX_VALUE);
		budget.correct(Long.MAX_VALUE, Long.MIN_VALUE);
		assertThat(budget.nanosUntil(Long.MAX_VALUE)).isEqualTo(60 * SECOND);
	}

	@Test
	void estimateIsCorrected() {
		ConfiguredBudget budget = budget(600, 1);
		budget.use(60);
		budget.correct(60, 12);
		assertThat(budget.nanosUntil(1)).isEqualTo(3 * SECOND / 10);
		budget.correct(12, 22);
		assertThat(budget.nanosUntil(1)).isEqualTo(13 * SECOND / 10);
		budget.correct(22, 22);
		assertThat(budget.nanosUntil(1)).isEqualTo(13 * SECOND / 10);
	}

	@Test
	void whatIsGivenBackIsNotLost() {
		ConfiguredBudget budget = budget(600, 1);
		budget.use(100);
		this.now += 9 * SECOND;
		budget.correct(100, 0);
		assertThat(uses(budget)).isEqualTo(100);
	}

	@Test
	void pauseIsNotFollowedByABurst() {
		ConfiguredBudget budget = budget(600, 1);
		budget.refused(5 * SECOND);
		budget.refused(2 * SECOND);
		this.now += 5 * SECOND;
		assertThat(uses(budget)).isZero();
		assertThat(budget.nanosUntil(1)).isEqualTo(SECOND / 10);
	}

	@Test
	void burstsGetShorterIfTheProviderRefusesThem() {
		ConfiguredBudget budget = budget(12_000, 1);
		for (int burst : new int[] { 100, 50, 25, 12, 10, 10 }) {
			budget.refused(0);
			assertThat(budget.nanosUntil(1)).isBetween(1L, SECOND / 200);
			this.now += 10 * SECOND;
			assertThat(uses(budget)).isEqualTo(burst);
		}
	}

	@Test
	void largestLimitIsPossible() {
		ConfiguredBudget budget = budget(Integer.MAX_VALUE, 1);
		budget.use(Integer.MAX_VALUE);
		this.now += 60 * SECOND;
		assertThat(budget.nanosUntil(1)).isZero();
	}

	private static int uses(ConfiguredBudget budget) {
		int uses = 0;
		while (budget.nanosUntil(1) == 0) {
			budget.use(1);
			uses++;
		}
		return uses;
	}

	private ConfiguredBudget budget(int perMinute, double fraction) {
		return new ConfiguredBudget(perMinute, fraction, () -> this.now);
	}

}
