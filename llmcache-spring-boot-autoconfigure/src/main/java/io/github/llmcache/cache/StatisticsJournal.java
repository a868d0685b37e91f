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
import io.github.llmcache.cache.StatisticsRecorder.Counted;
import org.jspecify.annotations.Nullable;

/**
 * What this process has counted and not stored yet, by namespace, model and day.
 * Thread-safe.
 */
final class StatisticsJournal {

	/** How much is stored at once: others must not wait for it long. */
	private static final int PORTION = 500;

	/** What was counted later was not. */
	private static final int LAST_YEAR = 9999;

	private final ReentrantLock lock = new ReentrantLock();

	private final StatisticsRecorder recorder;

	private final InstantSource clock;

	/** Up to where the counters are in {@link #unsaved} or stored. */
	private final Map<Counted, ModelStatistics> noted = new HashMap<>();

	private final Map<CountedDay, ModelStatistics> unsaved = new LinkedHashMap<>();

	StatisticsJournal(StatisticsRecorder recorder, InstantSource clock) {
		this.recorder = recorder;
		this.clock = clock;
	}

	/**
	 * Store what has not been stored yet. What fails is tried again the next time.
	 * @param save stores counters of one model, and returns whether that has succeeded.
	 * It stores all or nothing
	 */
	void save(Predicate<List<DailyStatistics>> save) {
		this.lock.lock();
		try {
			note();
			Map<String, List<DailyStatistics>> byModel = new LinkedHashMap<>();
			this.unsaved
				.forEach((day, counters) -> byModel.computeIfAbsent(day.counted().model(), (model) -> new ArrayList<>())
					.add(day.with(counters)));
			byModel.forEach((model, counted) -> {
				for (int from = 0; from < counted.size(); from += PORTION) {
					save(counted.subList(from, Math.min(from + PORTION, counted.size())), save);
				}
			});
		}
		finally {
			this.lock.unlock();
		}
	}

	private void save(List<DailyStatistics> portion, Predicate<List<DailyStatistics>> save) {
		if (save.test(portion)) {
			portion.forEach((saved) -> this.unsaved.remove(CountedDay.of(saved)));
		}
	}

	/**
	 * Add what has not been stored yet to what has been.
	 * @param store where it is stored, or {@code null} for nowhere
	 * @return one element a namespace, model and day
	 * @throws CacheStoreException if the store fails
	 */
	List<DailyStatistics> addTo(@Nullable CacheStore store) {
		this.lock.lock();
		try {
			note();
			Map<CountedDay, ModelStatistics> sums = new LinkedHashMap<>();
			if (store != null) {
				store.statistics()
					.stream()
					.filter((stored) -> stored.day().getYear() <= LAST_YEAR)
					.forEach((stored) -> sums.merge(CountedDay.of(stored), stored.counters().plausible(),
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
		this.recorder.counted().forEach((counted, counters) -> {
			ModelStatistics more = counters.minus(this.noted.getOrDefault(counted, ModelStatistics.NONE));
			if (!more.equals(ModelStatistics.NONE)) {
				this.unsaved.merge(new CountedDay(counted, today), more, ModelStatistics::plus);
				this.noted.put(counted, counters);
			}
		});
	}

	private record CountedDay(Counted counted, LocalDate day) {

		private static CountedDay of(DailyStatistics statistics) {
			return new CountedDay(new Counted(statistics.namespace(), statistics.model()), statistics.day());
		}

		private DailyStatistics with(ModelStatistics counters) {
			return new DailyStatistics(this.counted.namespace(), this.counted.model(), this.day, counters);
		}

	}

}
