package io.github.llmcache.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.Daemons;
import org.jspecify.annotations.Nullable;

/**
 * What is stored, as it was measured last. Measured in the background when somebody asks,
 * at most once a minute, and no more than a twentieth of the time. Thread-safe.
 */
final class StoredSizes {

	static final Duration INTERVAL = Duration.ofMinutes(1);

	private static final int REST = 20;

	private final AtomicBoolean measuring = new AtomicBoolean();

	private final Supplier<List<StoreSize>> store;

	private final InstantSource clock;

	private final Consumer<List<StoreSize>> listener;

	private volatile double entries = Double.NaN;

	private volatile @Nullable Measured measured;

	/**
	 * Create an instance.
	 * @param store measures what is stored
	 * @param clock the time
	 * @param listener is given what was measured, in the background
	 */
	StoredSizes(Supplier<List<StoreSize>> store, InstantSource clock, Consumer<List<StoreSize>> listener) {
		this.store = store;
		this.clock = clock;
		this.listener = listener;
	}

	/**
	 * Return how many entries there were. Does not block.
	 * @return the number, or {@link Double#NaN} if it is not known yet or any more
	 */
	double entries() {
		Measured measured = this.measured;
		if ((measured == null || measured.isOld(this.clock.instant())) && this.measuring.compareAndSet(false, true)
				&& !Daemons.start(Daemons.create("llmcache-sizes", this::measure))) {
			this.measuring.set(false);
		}
		return this.entries;
	}

	private void measure() {
		Instant start = this.clock.instant();
		try {
			List<StoreSize> sizes = this.store.get();
			this.listener.accept(sizes);
			this.entries = sizes.stream().mapToLong(StoreSize::entries).sum();
		}
		catch (RuntimeException ex) {
			// The health says why, and old numbers would say that all is well
			this.entries = Double.NaN;
			this.listener.accept(List.of());
		}
		finally {
			Instant end = this.clock.instant();
			Duration rest = Duration.between(start, end).multipliedBy(REST);
			this.measured = new Measured(end, (rest.compareTo(INTERVAL) > 0) ? rest : INTERVAL);
			this.measuring.set(false);
		}
	}

	/**
	 * Return sizes whose models can be tags: those of all further ones are added up, the
	 * smallest first.
	 * @param sizes what was measured
	 * @param models the models that have tags
	 * @return the sizes
	 */
	static List<StoreSize> bounded(List<StoreSize> sizes, ModelTags models) {
		Map<String, StoreSize> bounded = new LinkedHashMap<>();
		sizes.stream()
			.sorted(Comparator.comparingLong(StoreSize::bytes).reversed())
			.map((size) -> new StoreSize(models.add(size.model()), size.entries(), size.bytes(), size.costNanos()))
			.forEach((size) -> bounded.merge(size.model(), size,
					(one, other) -> new StoreSize(one.model(), one.entries() + other.entries(),
							one.bytes() + other.bytes(), one.costNanos() + other.costNanos())));
		return new ArrayList<>(bounded.values());
	}

	/**
	 * When it was measured, and how long that is good for.
	 */
	private record Measured(Instant at, Duration rest) {

		/**
		 * Return whether to measure again, as when the clock was set back.
		 */
		private boolean isOld(Instant now) {
			return now.isBefore(this.at) || !now.isBefore(this.at.plus(this.rest));
		}

	}

}
