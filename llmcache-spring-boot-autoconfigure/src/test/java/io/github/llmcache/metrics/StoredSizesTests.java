package io.github.llmcache.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStoreException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StoredSizes}.
 */
class StoredSizesTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private final AtomicInteger measured = new AtomicInteger();

	private volatile Instant now = START;

	@Test
	void nobodyWaitsForAMeasurementAndThereIsOneAMinute() {
		CountDownLatch slow = new CountDownLatch(1);
		StoredSizes sizes = new StoredSizes(() -> {
			try {
				slow.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return List.of(new StoreSize("a", this.measured.incrementAndGet(), 10, 0), new StoreSize("b", 5, 10, 0));
		}, () -> this.now, (list) -> {
		});
		assertThat(sizes.entries()).isNaN();
		assertThat(sizes.entries()).isNaN();
		slow.countDown();
		Awaitility.await().until(() -> sizes.entries() == 6);
		this.now = START.plus(StoredSizes.INTERVAL).minusNanos(1);
		assertThat(sizes.entries()).isEqualTo(6);
		assertThat(this.measured).hasValue(1);
		this.now = START.plus(StoredSizes.INTERVAL);
		Awaitility.await().until(() -> sizes.entries() == 7);
	}

	@Test
	void clockThatIsSetBackDoesNotEndTheMeasuring() {
		StoredSizes sizes = new StoredSizes(() -> List.of(new StoreSize("a", this.measured.incrementAndGet(), 10, 0)),
				() -> this.now, (list) -> {
				});
		Awaitility.await().until(() -> sizes.entries() == 1);
		this.now = Instant.EPOCH;
		Awaitility.await().until(() -> sizes.entries() == 2);
		assertThat(sizes.entries()).isEqualTo(2);
		assertThat(this.measured).hasValue(2);
	}

	@Test
	void measurementThatTakesLongIsMadeLessOften() {
		StoredSizes sizes = new StoredSizes(() -> {
			this.now = this.now.plusSeconds(30);
			return List.of(new StoreSize("a", this.measured.incrementAndGet(), 10, 0));
		}, () -> this.now, (list) -> {
		});
		Awaitility.await().until(() -> sizes.entries() == 1);
		this.now = START.plusSeconds(30 + 20 * 30 - 1);
		assertThat(sizes.entries()).isOne();
		assertThat(this.measured).hasValue(1);
		this.now = START.plusSeconds(30 + 20 * 30);
		Awaitility.await().until(() -> sizes.entries() == 2);
	}

	@Test
	void storeThatFailsHasNoSize() {
		List<List<StoreSize>> told = new ArrayList<>();
		StoredSizes sizes = new StoredSizes(() -> {
			if (this.measured.incrementAndGet() == 2) {
				throw new CacheStoreException("down", null);
			}
			return List.of(new StoreSize("a", 3, 10, 0));
		}, () -> this.now, told::add);
		Awaitility.await().until(() -> sizes.entries() == 3);
		this.now = START.plus(StoredSizes.INTERVAL);
		Awaitility.await().until(() -> Double.isNaN(sizes.entries()));
		this.now = this.now.plus(StoredSizes.INTERVAL);
		Awaitility.await().until(() -> sizes.entries() == 3);
		assertThat(told).hasSize(3).element(1).isEqualTo(List.of());
	}

	@Test
	void modelsAreBoundedAndTheLargestHaveTags() {
		List<StoreSize> sizes = IntStream.rangeClosed(1, 3 * ModelTags.MAX_MODELS)
			.mapToObj((i) -> new StoreSize("m" + i, 1, i, 2))
			.toList();
		List<StoreSize> bounded = StoredSizes.bounded(sizes, new ModelTags());
		assertThat(bounded).hasSize(ModelTags.MAX_MODELS + 1)
			.contains(new StoreSize("m300", 1, 300, 2), new StoreSize("m201", 1, 201, 2),
					new StoreSize("(other)", 200, 20_100, 400));
	}

}
