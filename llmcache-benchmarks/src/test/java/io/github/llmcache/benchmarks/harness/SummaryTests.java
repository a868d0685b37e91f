package io.github.llmcache.benchmarks.harness;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SummaryTests {

	@Test
	void medianOfAnOddNumberIsTheMiddle() {
		assertThat(Summary.of(9, 1, 5)).isEqualTo(new Summary(5, 1, 9));
	}

	@Test
	void medianOfAnEvenNumberIsBetweenTheMiddles() {
		assertThat(Summary.of(4, 1, 2, 8)).isEqualTo(new Summary(3, 1, 8));
	}

	@Test
	void valuesStayAsTheyAre() {
		double[] values = { 3, 1, 2 };
		Summary.of(values);
		assertThat(values).containsExactly(3, 1, 2);
	}

	@Test
	void nothingCannotBeSummarized() {
		assertThatIllegalArgumentException().isThrownBy(Summary::of);
	}

	@Test
	void percentileIsTheNearestRankOfTheValuesThatCount() {
		long[] values = new long[200];
		for (int i = 0; i < 100; i++) {
			values[i] = 100 - i;
		}
		assertThat(Summary.percentile(values, 100, 99)).isEqualTo(99);
		assertThat(Summary.percentile(values, 100, 50)).isEqualTo(50);
		assertThat(Summary.percentile(values, 1, 50)).isEqualTo(1);
	}

}
