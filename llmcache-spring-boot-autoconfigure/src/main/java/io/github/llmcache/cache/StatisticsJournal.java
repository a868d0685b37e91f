package io.github.llmcache.cache;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What this process has counted and not stored yet, by model and day. Thread-safe.
 */
final class StatisticsJournal {

	private final ReentrantLock lock = new ReentrantLock();

	private final StatisticsRecorder recorder;

	private final InstantSource clock;

	/** Up to where the counters are in {@link #unsaved} or stored. */
	private final Map<String, ModelStatistics> noted = new HashMap<>();

	private final Map<ModelDay, ModelStatistics> unsaved = new LinkedHashMap<>();

	StatisticsJournal(StatisticsRecorder recorder, InstantSource clock) {
		this.recorder = recorder;
		this.clock = clock;
	}

	/**
	 * Store what has not been stored yet. What fails is tried again the next time.
	 * @param save stores counters, and returns whether that has succeeded. It stores all
	 * or nothing
	 */
	void save(Predicate<DailyStatistics> save) {
		this.lock.lock();
		try {
			note();
			this.unsaved.entrySet().removeIf((counted) -> save.test(counted.getKey().with(counted.getValue())));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Add what has not been stored yet to what has been.
	 * @param store where it is stored, or {@code null} for nowhere
	 * @return one element a model and day
	 * @throws CacheStoreException if the store fails
	 */
	List<DailyStatistics> addTo(@Nullable CacheStore store) {
		this.lock.lock();
		try {
			note();
			Map<ModelDay, ModelStatistics> sums = new LinkedHashMap<>();
			if (store != null) {
				store.statistics()
					.forEach((stored) -> sums.merge(new ModelDay(stored.model(), stored.day()), stored.counters(),
							ModelStatistics::plus));
			}
			this.unsaved.forEach((day, counters) -> sums.merge(day, counters, ModelStatistics::plus));
			List<DailyStatistics> statistics = new ArrayList<>(sums.size());
			sums.forEach((day, counters) -> statistics.add(day.with(counters)));
			return statistics;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void note() {
		LocalDate today = LocalDate.ofInstant(this.clock.instant(), ZoneOffset.UTC);
		this.recorder.snapshot().models().forEach((model, counters) -> {
			ModelStatistics more = counters.minus(this.noted.getOrDefault(model, ModelStatistics.NONE));
			if (!more.equals(ModelStatistics.NONE)) {
				this.unsaved.merge(new ModelDay(model, today), more, ModelStatistics::plus);
				this.noted.put(model, counters);
			}
		});
	}

	private record ModelDay(String model, LocalDate day) {

		private DailyStatistics with(ModelStatistics counters) {
			return new DailyStatistics(this.model, this.day, counters);
		}

	}

}
