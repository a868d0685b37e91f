package io.github.llmcache.inference;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ExplanationBudget}.
 */
class ExplanationBudgetTests {

	private long nanos = Long.MAX_VALUE - 1000;

	private final ExplanationBudget budget = new ExplanationBudget(() -> this.nanos);

	@Test
	void whatTakesLittleTimeIsAlwaysExplained() {
		for (int i = 0; i < 10_000; i++) {
			assertThat(explain(Duration.ofNanos(900))).isNotNull();
		}
	}

	@Test
	void whatTakesLongIsExplainedForSomeTimeAndThenSeldom() {
		for (int i = 0; i < 6; i++) {
			assertThat(explain(Duration.ofSeconds(2))).isNotNull();
		}
		assertThat(explain(Duration.ofSeconds(2))).isNull();
		this.nanos += Duration.ofSeconds(1).toNanos();
		assertThat(explain(Duration.ofSeconds(2))).isNull();
		this.nanos += Duration.ofSeconds(200).toNanos();
		assertThat(explain(Duration.ofSeconds(2))).isNotNull();
		int explained = 0;
		for (int second = 0; second < 100_000; second++) {
			explained += (explain(Duration.ofSeconds(2)) != null) ? 1 : 0;
			this.nanos += Duration.ofSeconds(1).toNanos();
		}
		assertThat(explained).isBetween(490, 520);
	}

	@Test
	void noMoreThanSomeTimeIsSavedUp() {
		this.nanos += Duration.ofDays(30).toNanos();
		assertThat(explain(ExplanationBudget.AT_ONCE)).isNotNull();
		assertThat(explain(Duration.ofSeconds(1))).isNotNull();
		assertThat(explain(Duration.ofSeconds(1))).isNull();
	}

	@Test
	void whatFailsTakesTimeAsWell() {
		assertThatIllegalStateException().isThrownBy(() -> this.budget.spend(() -> {
			this.nanos += 2 * ExplanationBudget.AT_ONCE.toNanos();
			throw new IllegalStateException();
		}));
		assertThat(explain(Duration.ofSeconds(1))).isNull();
	}

	private @Nullable String explain(Duration duration) {
		return this.budget.spend(() -> {
			this.nanos += duration.toNanos();
			return "explanation";
		});
	}

}
