package io.github.llmcache.provider;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Shares}.
 */
class SharesTests {

	@Test
	void sharesAddUpToTheAmount() {
		Random random = new Random(7);
		for (int i = 0; i < 1000; i++) {
			long amount = random.nextLong() >>> random.nextInt(1, 64);
			long[] weights = random.longs(random.nextInt(1, 50), 0, 10_000).toArray();
			long[] shares = Shares.of(amount, weights);
			assertThat(Arrays.stream(shares).sum()).isEqualTo(amount);
			assertThat(shares).hasSameSizeAs(weights);
			assertThat(Arrays.stream(shares).min().orElseThrow()).isNotNegative();
		}
	}

	@Test
	void sharesAreInProportion() {
		assertThat(Shares.of(10, new long[] { 1, 4, 5 })).containsExactly(1, 4, 5);
		assertThat(Shares.of(2, new long[] { 1, 1, 1, 1 })).containsExactly(0, 1, 0, 1);
		assertThat(Shares.of(7, new long[] { 0, 0, 0 })).containsExactly(2, 2, 3);
		assertThat(Shares.of(0, new long[] { 3, 4 })).containsExactly(0, 0);
	}

	@Test
	void largestNumbersDoNotOverflow() {
		assertThat(Shares.of(Long.MAX_VALUE, new long[] { Long.MAX_VALUE, Long.MAX_VALUE }))
			.containsExactly(Long.MAX_VALUE / 2, Long.MAX_VALUE / 2 + 1);
	}

}
