package io.github.llmcache.cache;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import io.github.llmcache.cache.CacheStore.StoredAmount;
import io.github.llmcache.cache.UseHistogram.LeastUsed;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UseHistogram}.
 */
class UseHistogramTests {

	@Test
	void asManyAsAreWantedAndTheLeastRecentlyUsedOfThem() {
		List<Long> times = new ArrayList<>();
		for (long time = 0; time < 1000; time++) {
			times.add(time / 10);
		}
		Collections.shuffle(times, new Random(1));
		assertThat(taken(times, 10, new StoredAmount(95, 0))).hasSize(95).allMatch((time) -> time <= 9);
		assertThat(taken(times, 10, new StoredAmount(0, 945))).hasSize(95).allMatch((time) -> time <= 9);
		assertThat(taken(times, 10, new StoredAmount(120, 900))).hasSize(120).allMatch((time) -> time <= 11);
	}

	@Test
	void nothingIsTakenIfNothingIsWanted() {
		assertThat(taken(List.of(1L, 2L), 10, new StoredAmount(-5, 0))).isEmpty();
		assertThat(taken(List.of(), 10, new StoredAmount(5, 100))).isEmpty();
	}

	@Test
	void allAreTakenIfMoreIsWantedThanThereIs() {
		assertThat(taken(List.of(-5L, 1L, 2L, Long.MAX_VALUE - 1), 10, new StoredAmount(0, 1000))).hasSize(4);
	}

	@Test
	void whatIsUsedLaterThanAllIsNotTaken() {
		UseHistogram histogram = new UseHistogram();
		histogram.add(1, 10);
		histogram.add(2, 10);
		LeastUsed leastUsed = histogram.leastUsed(new StoredAmount(5, 0));
		List<Long> times = List.of(3L, 2L, 1L, 4L, 2L, 2L, 2L, 2L);
		assertThat(times.stream().filter((time) -> leastUsed.take(time, 10)).toList()).containsExactly(2L, 1L, 2L, 2L,
				2L);
	}

	@Test
	void moreTimesThanThereIsRoomForAreToldApartLess() {
		List<Long> times = new ArrayList<>();
		for (long time = 0; time < 300_000; time++) {
			times.add(1_700_000_000_000L + time * 1000);
		}
		Collections.shuffle(times, new Random(1));
		List<Long> taken = taken(times, 1, new StoredAmount(15_000, 0));
		assertThat(taken).hasSize(15_000);
		// 300,000 seconds in at least 4,096 parts
		assertThat(taken).allMatch((time) -> time < 1_700_000_000_000L + (15_000 + 300_000 / 4096 + 1) * 1000);
	}

	private static List<Long> taken(List<Long> times, long bytes, StoredAmount wanted) {
		UseHistogram histogram = new UseHistogram();
		times.forEach((time) -> histogram.add(time, bytes));
		assertThat(histogram.bytes()).isEqualTo(times.size() * bytes);
		LeastUsed leastUsed = histogram.leastUsed(wanted);
		return times.stream().filter((time) -> leastUsed.take(time, bytes)).toList();
	}

}
