package io.github.llmcache.faults.load;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

import io.github.llmcache.faults.load.Trend.Value;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link Trend}.
 */
class TrendTests {

	@Test
	void whatSwingsIsFlat() {
		Trend trend = trend((second) -> 100 + ((second % 2 == 0) ? 30 : -30));
		assertThat(trend.isFlat()).isTrue();
		assertThat(trend.growth()).isCloseTo(0, within(4.0));
	}

	@Test
	void whatGrowsSlowlyBetweenSwingsIsNot() {
		Trend trend = trend((second) -> 100 + second + ((second % 2 == 0) ? 30 : -30));
		assertThat(trend.isFlat()).isFalse();
		assertThat(trend.growth()).isCloseTo(59, within(4.0));
		assertThat(trend.last() - trend.first()).isCloseTo(40, within(1.0));
	}

	@Test
	void whatShrinksIsFlat() {
		assertThat(trend((second) -> 100 - second).isFlat()).isTrue();
	}

	@Test
	void oneValueIsFlat() {
		assertThat(Trend.of("", "", List.of(new Value(1, 100)), 10, 0).isFlat()).isTrue();
	}

	private static Trend trend(DoubleUnaryOperator values) {
		return Trend.of("", "",
				IntStream.range(0, 60).mapToObj((second) -> new Value(second, values.applyAsDouble(second))).toList(),
				10, 0.1);
	}

}
