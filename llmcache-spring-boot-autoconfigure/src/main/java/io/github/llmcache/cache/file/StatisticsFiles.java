package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.StoreFailures;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.file.EntryFiles.Content;
import io.github.llmcache.cache.file.StatisticsFormat.Counted;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what has been counted in a hidden file beside the entries of each model.
 * Thread-safe.
 */
final class StatisticsFiles {

	static final String FILE_NAME = ".llmcache.statistics.json";

	private static final List<UnaryOperator<Counted>> FOLDS = List.of(
			(counted) -> counted.fold((namespace) -> namespace, (day) -> day.withDayOfMonth(1)),
			(counted) -> counted.fold((namespace) -> namespace, (day) -> day.withDayOfYear(1)),
			(counted) -> counted.fold((namespace) -> DailyStatistics.SHARED, UnaryOperator.identity()));

	private final FileWalk walk;

	private final EntryFiles files;

	private final EntryLocks locks;

	private final DamageLog damages;

	StatisticsFiles(FileWalk walk, EntryFiles files, EntryLocks locks, DamageLog damages) {
		this.walk = walk;
		this.files = files;
		this.locks = locks;
		this.damages = damages;
	}

	/**
	 * Add to what has been counted. A model without a directory does not get one if
	 * nothing was stored and nothing spent.
	 * @param counted what has been counted since
	 */
	void add(Collection<DailyStatistics> counted) {
		StoreFailures failures = new StoreFailures();
		counted.stream()
			.collect(Collectors.groupingBy(DailyStatistics::model))
			.forEach((model, ofModel) -> add(model, ofModel, failures));
		failures.throwFirst();
	}

	private void add(String model, List<DailyStatistics> counted, StoreFailures failures) {
		Path directory = this.walk.model(model);
		Path file = directory.resolve(FILE_NAME);
		try {
			if (counted.stream().map(DailyStatistics::counters).anyMatch(StatisticsFiles::isLasting)
					|| Files.isDirectory(directory)) {
				this.locks.locked(file, () -> {
					Counted known = read(directory);
					Counted sums = (known != null) ? known : new Counted(model, new TreeMap<>());
					counted.forEach((more) -> sums.days(more.namespace())
						.merge(more.day(), more.counters(), ModelStatistics::plus));
					this.files.replace(file, write(sums));
					return model;
				});
			}
		}
		catch (CacheStoreException ex) {
			failures.add(ex);
		}
		catch (IOException ex) {
			failures.add(FileFailures.translate(file, ex));
		}
	}

	/**
	 * What is too large could not be read again. Rather months of a namespace are told
	 * than days, then years, and in the end only what namespaces have in common.
	 */
	private byte[] write(Counted counted) {
		byte[] bytes = StatisticsFormat.write(counted);
		for (int step = 0; bytes.length > this.files.maxFileSize() && step < FOLDS.size(); step++) {
			bytes = StatisticsFormat.write(FOLDS.get(step).apply(counted));
		}
		return bytes;
	}

	private static boolean isLasting(ModelStatistics counters) {
		return counters.writes() > 0 || counters.spentNanos() > 0 || counters.unpricedCalls() > 0;
	}

	List<DailyStatistics> all() {
		List<DailyStatistics> all = new ArrayList<>();
		for (Path directory : this.walk.models()) {
			try {
				Counted counted = read(directory);
				if (counted != null) {
					counted.namespaces()
						.forEach((namespace, days) -> days.forEach((day, counters) -> all
							.add(new DailyStatistics(namespace, counted.model(), day, counters))));
				}
			}
			catch (IOException ex) {
				throw FileFailures.translate(directory.resolve(FILE_NAME), ex);
			}
		}
		return all;
	}

	/**
	 * Find out whether what has been counted of a model can be read.
	 * @param directory the model's directory
	 * @return why not, or {@code null}
	 */
	@Nullable String problem(Path directory) {
		Path file = directory.resolve(FILE_NAME);
		try {
			Content content = this.files.read(file);
			if (content != null) {
				read(directory, content);
			}
			return null;
		}
		catch (UnreadableEntryException ex) {
			return "The cache file " + file + " " + ex.getMessage();
		}
		catch (IOException ex) {
			return FileFailures.translate(file, ex).getMessage();
		}
	}

	/**
	 * Read what has been counted of a model.
	 * @param directory the model's directory
	 * @return what has been counted, or {@code null} if there is nothing that can be read
	 */
	private @Nullable Counted read(Path directory) throws IOException {
		Path file = directory.resolve(FILE_NAME);
		Content content = Files.isDirectory(directory) ? this.files.read(file) : null;
		if (content == null) {
			return null;
		}
		try {
			return read(directory, content);
		}
		catch (UnreadableEntryException ex) {
			this.damages.report(file, String.valueOf(ex.getMessage()));
			return null;
		}
	}

	private Counted read(Path directory, Content content) throws UnreadableEntryException {
		byte[] bytes = content.bytes();
		if (bytes == null) {
			throw new UnreadableEntryException("is too large", null);
		}
		Counted counted = StatisticsFormat.read(bytes);
		if (!this.walk.model(counted.model()).equals(directory)) {
			throw new UnreadableEntryException("belongs to another model than its path says", null);
		}
		return counted;
	}

}
