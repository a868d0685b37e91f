package io.github.llmcache.cache.sqlite;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.StoreFailures;

/**
 * Keeps what has been counted of a model in the model's own file. A model that has no
 * file gets one only for what has cost something or was stored: otherwise whoever asks
 * for models that do not exist would fill the directory.
 */
final class StatisticsStore {

	private final SqliteDatabases databases;

	StatisticsStore(SqliteDatabases databases) {
		this.databases = databases;
	}

	/**
	 * Add to what has been counted, for each model wholly or not at all. A model that
	 * fails keeps no other from being counted.
	 * @param counted what has been counted
	 * @throws CacheStoreException if adding fails for a model
	 */
	void add(Collection<DailyStatistics> counted) {
		Map<String, List<DailyStatistics>> byModel = counted.stream()
			.collect(Collectors.groupingBy(DailyStatistics::model));
		StoreFailures failures = new StoreFailures();
		byModel.forEach((model, ofModel) -> {
			try {
				add(model, ofModel);
			}
			catch (CacheStoreException ex) {
				failures.add(ex);
			}
		});
		failures.throwFirst();
	}

	private void add(String model, List<DailyStatistics> counted) {
		if (counted.stream().anyMatch(StatisticsStore::isWorthAFile)) {
			this.databases.useOrCreate(model, (database) -> add(database, counted));
		}
		else {
			this.databases.use(model, false, (database) -> add(database, counted));
		}
	}

	private static boolean add(SqliteDatabase database, List<DailyStatistics> counted) {
		return database.write(0, (writer) -> {
			StatisticsTable.add(counted, writer.connection());
			return true;
		});
	}

	private static boolean isWorthAFile(DailyStatistics counted) {
		ModelStatistics counters = counted.counters();
		return counters.spentNanos() > 0 || counters.unpricedCalls() > 0 || counters.writes() > 0;
	}

}
