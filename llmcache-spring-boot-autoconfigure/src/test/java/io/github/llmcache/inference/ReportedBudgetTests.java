package io.github.llmcache.inference;

import java.time.Duration;

import io.github.llmcache.inference.ReportedBudget.Use;
import io.github.llmcache.provider.RateLimitStatus.Remaining;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReportedBudget}.
 */
class ReportedBudgetTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private long now = -5 * SECOND;

	private ReportedBudget budget = new ReportedBudget(1);

	@Test
	void nothingIsLimitedBeforeAReport() {
		use();
		assertThat(this.budget.nanosUntil(5_000, this.now)).isZero();
	}

	@Test
	void whatIsLeftCanBeUsedAtOnce() {
		report(use(), 100, 3, Duration.ofMillis(9700));
		assertThat(uses()).isEqualTo(3);
	}

	@Test
	void bucketFillsEvenly() {
		report(use(), 100, 0, Duration.ofMillis(10_001));
		assertThat(nanosUntil(1)).isEqualTo(SECOND / 10);
		this.now += SECOND;
		assertThat(uses()).isEqualTo(10);
		this.now += 3600 * SECOND;
		assertThat(uses()).isEqualTo(100);
	}

	@Test
	void limitNeedNotBePerMinute() {
		// As of OpenAI's first tier: 200 a day
		report(use(), 200, 199, Duration.ofSeconds(433));
		assertThat(uses()).isEqualTo(199);
		assertThat(nanosUntil(1)).isEqualTo(432 * SECOND);
	}

	@Test
	void windowEndsAllAtOnce() {
		report(use(), 100, 99, Duration.ofMillis(9_900));
		this.now += SECOND;
		report(use(), 100, 0, Duration.ofMillis(8_900));
		assertThat(nanosUntil(1)).isEqualTo(8_900 * SECOND / 1000);
		this.now += 8_900 * SECOND / 1000;
		assertThat(uses()).isEqualTo(100);
	}

	@Test
	void windowEndsForWhatWasSentAfterTheReportToo() {
		report(use(), 100, 99, Duration.ofMillis(9_900));
		Use last = use();
		use();
		use();
		report(last, 100, 50, Duration.ofMillis(9_000));
		this.now += 9 * SECOND;
		assertThat(uses()).isEqualTo(98);
	}

	@Test
	void whatIsOnItsWayIsNotLeft() {
		Use first = use();
		for (int i = 0; i < 15; i++) {
			use();
		}
		report(first, 100, 20, Duration.ofSeconds(48));
		assertThat(uses()).isEqualTo(5);
	}

	@Test
	void onlyTheNewestQuestionCounts() {
		Use first = use();
		Use second = use();
		report(second, 100, 2, Duration.ofSeconds(60));
		report(first, 100, 80, Duration.ofSeconds(12));
		assertThat(uses()).isEqualTo(2);
	}

	@Test
	void callThatTookLongDoesNotHideWhatHasComeSince() {
		report(use(), 100, 50, Duration.ofMillis(5_001));
		Use lasting = use();
		this.now += 2 * SECOND;
		report(lasting, 100, 49, Duration.ofMillis(5_101));
		assertThat(uses()).isEqualTo(69);
	}

	@Test
	void othersUseTheSameLimit() {
		report(use(), 100, 90, Duration.ofSeconds(6));
		report(use(), 100, 5, Duration.ofSeconds(57));
		assertThat(uses()).isEqualTo(5);
		report(use(), 100, 70, Duration.ofSeconds(18));
		assertThat(uses()).isEqualTo(70);
	}

	@Test
	void restIsLeftToOthers() {
		this.budget = new ReportedBudget(0.9);
		report(use(), 100, 30, Duration.ofSeconds(42));
		assertThat(uses()).isEqualTo(20);
	}

	@Test
	void smallLimitIsNotRoundedAway() {
		this.budget = new ReportedBudget(0.9);
		report(use(), 5, 1, Duration.ofSeconds(48));
		assertThat(uses()).isEqualTo(1);
	}

	@Test
	void moreThanTheLimitWaitsUntilAllIsThere() {
		report(use(), 100, 40, Duration.ofMillis(60_001));
		assertThat(nanosUntil(5_000)).isEqualTo(60 * SECOND);
		this.now += 60 * SECOND;
		assertThat(nanosUntil(5_000)).isZero();
	}

	@Test
	void limitWithoutATimeIsPerMinute() {
		report(use(), 60, 0, null);
		assertThat(nanosUntil(1)).isEqualTo(SECOND);
	}

	@Test
	void changedLimitIsLearnedAnew() {
		report(use(), 100, 0, Duration.ofSeconds(1001));
		report(use(), 200, 0, Duration.ofMillis(20_001));
		assertThat(nanosUntil(1)).isEqualTo(SECOND / 10);
	}

	@Test
	void callsThatAreNeverAnsweredAreForgotten() {
		report(use(), 10, 9, Duration.ofSeconds(6));
		assertThat(uses()).isEqualTo(9);
		this.now += 600 * SECOND;
		assertThat(uses()).isPositive();
	}

	@Test
	void extremesAreHarmless() {
		report(use(), 999_999_999_999L, 0, Duration.ofDays(366));
		assertThat(nanosUntil(999_999_999_999L)).isPositive();
		report(use(), 1, 0, Duration.ofNanos(1));
		assertThat(nanosUntil(1)).isPositive();
		this.now += 1;
		assertThat(uses()).isEqualTo(1);
	}

	private Use use() {
		return this.budget.use(1, this.now);
	}

	private void report(Use use, long limit, long remaining, @Nullable Duration untilFull) {
		this.budget.report(use, new Remaining(limit, remaining, untilFull), this.now);
	}

	private long nanosUntil(long amount) {
		return this.budget.nanosUntil(amount, this.now);
	}

	private int uses() {
		int uses = 0;
		while (nanosUntil(1) == 0) {
			use();
			uses++;
		}
		return uses;
	}

}
