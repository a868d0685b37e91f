package io.github.llmcache.faults.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.faults.load.SoakSample.Kind;
import io.github.llmcache.faults.load.Trend.Value;
import org.HdrHistogram.Histogram;

/**
 * What became of a soak. Thread-safe while samples are added.
 */
final class SoakReport {

	private static final double MB = 1 << 20;

	/** About the most bytes that an entry takes, with its request. */
	private static final int ENTRY = 4096;

	/** Rows of the table of what happened when. */
	private static final int ROWS = 12;

	private final List<Line> lines = new ArrayList<>();

	private final Duration duration;

	private final int processes;

	private final String threads;

	private final int maxEntries;

	private ModelStatistics counted = ModelStatistics.NONE;

	private List<String> problems = List.of();

	SoakReport(Duration duration, int processes, String threads, int maxEntries) {
		this.duration = duration;
		this.processes = processes;
		this.threads = threads;
		this.maxEntries = maxEntries;
	}

	synchronized void add(int process, SoakSample sample, long database, long log) {
		Line line = new Line(process, sample, database, log);
		this.lines.add(line);
		System.out.println(line);
	}

	void ended(ModelStatistics counted, List<String> problems) {
		this.counted = counted;
		this.problems = problems;
	}

	/**
	 * Return what is in the file after all has ended and is not as it should be.
	 */
	List<String> problems() {
		return this.problems;
	}

	/**
	 * Return how many answers that came from the cache are not in its statistics, which
	 * are those of all processes.
	 */
	long uncounted() {
		return Math.abs(calls(Kind.HIT) - this.counted.hits());
	}

	long calls(Kind kind) {
		return this.lines.stream().mapToLong((line) -> line.sample().histogram(kind).getTotalCount()).sum();
	}

	long evicted() {
		return this.counted.evictions();
	}

	long wrong() {
		return this.lines.stream().mapToLong((line) -> line.sample().wrong()).sum();
	}

	long thrown() {
		return this.lines.stream().mapToLong((line) -> line.sample().thrown()).sum();
	}

	/**
	 * Return how many uses of the cache have failed, which callers do not notice.
	 */
	long errors() {
		return this.counted.errors();
	}

	boolean isAlwaysHealthy() {
		return this.lines.stream().allMatch((line) -> line.sample().healthy());
	}

	/**
	 * Judge what must not grow, once everything has been compiled, opened and filled: in
	 * the last two thirds of the time.
	 */
	List<Trend> trends() {
		List<Trend> trends = new ArrayList<>();
		for (int i = 0; i < this.processes; i++) {
			int process = i;
			String of = (this.processes > 1) ? " of process " + (i + 1) : "";
			Predicate<Line> ofProcess = (line) -> line.process() == process;
			trends.add(Trend.of("Heap after a collection" + of, "MB",
					values(ofProcess.and((line) -> line.sample().heap() > 0), (line) -> line.sample().heap() / MB), 24,
					0.1));
			trends.add(Trend.of("Resident memory" + of, "MB",
					values(ofProcess, (line) -> line.sample().resident() / MB), 64, 0.1));
			trends.add(
					Trend.of("Platform threads" + of, "", values(ofProcess, (line) -> line.sample().threads()), 16, 0));
			trends
				.add(Trend.of("Open file handles" + of, "", values(ofProcess, (line) -> line.sample().files()), 16, 0));
		}
		// On a slow machine it may still be filling
		trends.add(Trend.of("Database", "MB", values((line) -> true, (line) -> line.database() / MB),
				16 + this.maxEntries * ENTRY / MB, 0.2));
		trends.add(Trend.of("Write-ahead log", "MB", values((line) -> true, (line) -> line.log() / MB), 32, 0));
		return trends;
	}

	private List<Value> values(Predicate<Line> which, ToDoubleFunction<Line> value) {
		double warm = this.duration.toMillis() / 3000.0;
		return this.lines.stream()
			.filter(which)
			.filter((line) -> line.sample().seconds() >= warm)
			.map((line) -> new Value(line.sample().seconds(), value.applyAsDouble(line)))
			.toList();
	}

	/**
	 * Write the report of this soak.
	 * @param directory where to: {@code soak-N.md} for N processes
	 */
	void write(Path directory) throws IOException {
		Files.createDirectories(directory);
		Files.writeString(directory.resolve("soak-" + this.processes + ".md"), toString());
		StringBuilder all = new StringBuilder();
		for (int i = 1; i <= 64; i++) {
			Path file = directory.resolve("soak-" + i + ".md");
			if (Files.exists(file)) {
				all.append(Files.readString(file)).append('\n');
			}
		}
		Files.writeString(directory.resolve("soak.md"), all);
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		text.append(String.format(Locale.ROOT,
				"""
						## %d %s, %d s

						%d threads (%s) in each of %d JVMs with 384 MB of heap, without a pause: 70 %% of %,d known questions, 20 %% \
						new ones, 10 %% known ones asked anew. Prompts of 4 KB, answers of 2 KB, at most %,d entries; a provider in a \
						JVM of its own, which answers after 2 to 10 ms. JDK %s, %d processors, all JVMs on the same machine. Every \
						answer was compared with what is right for its question: %,d wrong. Exceptions: %,d. Uses of the cache that \
						failed: %,d. Health: %s. Evicted: %,d. Hits that are not in the statistics: %,d. Found wrong in the file \
						afterwards: %d.

						""",
				this.processes, (this.processes > 1) ? "processes on one directory" : "process",
				this.duration.toSeconds(), SoakWorker.THREADS, this.threads, this.processes, this.maxEntries / 4,
				this.maxEntries, Runtime.version().feature(), Runtime.getRuntime().availableProcessors(), wrong(),
				thrown(), errors(), isAlwaysHealthy() ? "always up" : "**was down**", evicted(), uncounted(),
				this.problems.size()));
		text.append("| | Calls | a second | p50 | p99 | p99.9 |\n|---|--:|--:|--:|--:|--:|\n");
		Map<Kind, Histogram> times = SoakSample.together(this.lines.stream().map(Line::sample).toList());
		times.forEach((kind, histogram) -> text
			.append(String.format(Locale.ROOT, "| %s | %,d | %,.0f | %s | %s | %s |%n", name(kind),
					histogram.getTotalCount(), histogram.getTotalCount() * 1000.0 / this.duration.toMillis(),
					millis(histogram, 50), millis(histogram, 99), millis(histogram, 99.9))));
		text.append(
				"\n| Seconds | Calls a second | Hit p50 | p99 | p99.9 | Miss p50 | p99 | p99.9 | Refresh p50 | p99 | p99.9 "
						+ "| Heap | Resident | Threads | Handles | Database | Log |\n"
						+ "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
		for (int row = 0; row < ROWS; row++) {
			appendRow(text, row);
		}
		text.append("\nFrom the first third of the time on, by the line that fits best:\n\n"
				+ "| | First third of it | Last third | Growth | Tolerated | Flat |\n|---|--:|--:|--:|--:|---|\n");
		trends().forEach((trend) -> text.append(trend).append('\n'));
		return text.toString();
	}

	private void appendRow(StringBuilder text, int row) {
		double width = this.duration.toMillis() / 1000.0 / ROWS;
		List<Line> within = this.lines.stream()
			.filter((line) -> Math.min(ROWS - 1, (int) ((line.sample().seconds() - 0.5) / width)) == row)
			.toList();
		if (within.isEmpty()) {
			return;
		}
		Map<Kind, Histogram> times = SoakSample.together(within.stream().map(Line::sample).toList());
		long calls = times.values().stream().mapToLong(Histogram::getTotalCount).sum();
		text.append(String.format(Locale.ROOT, "| %.0f | %,.0f |", (row + 1) * width, calls / width));
		times.values()
			.forEach((histogram) -> text.append(' ')
				.append(millis(histogram, 50))
				.append(" | ")
				.append(millis(histogram, 99))
				.append(" | ")
				.append(millis(histogram, 99.9))
				.append(" |"));
		text.append(String.format(Locale.ROOT, " %s | %s | %s | %s | %,.0f MB | %,.0f MB |%n",
				most(within, (line) -> line.sample().heap() / MB, " MB"),
				most(within, (line) -> line.sample().resident() / MB, " MB"),
				most(within, (line) -> line.sample().threads(), ""), most(within, (line) -> line.sample().files(), ""),
				within.get(within.size() - 1).database() / MB, within.get(within.size() - 1).log() / MB));
	}

	private static String most(List<Line> lines, ToDoubleFunction<Line> value, String unit) {
		double most = lines.stream().mapToDouble(value).max().orElse(0);
		return (most > 0) ? String.format(Locale.ROOT, "%,.0f%s", most, unit) : "";
	}

	private static String name(Kind kind) {
		return switch (kind) {
			case HIT -> "Hits";
			case MISS -> "Misses";
			case REFRESH -> "Refreshes";
		};
	}

	private static String millis(Histogram histogram, double percentile) {
		return String.format(Locale.ROOT, "%.2f ms", histogram.getValueAtPercentile(percentile) / 1000.0);
	}

	/**
	 * A sample of a process, with the sizes of the files at that time.
	 */
	private record Line(int process, SoakSample sample, long database, long log) {

		@Override
		public String toString() {
			Histogram hits = this.sample.histogram(Kind.HIT);
			Histogram misses = this.sample.histogram(Kind.MISS);
			Histogram refreshes = this.sample.histogram(Kind.REFRESH);
			return String.format(Locale.ROOT,
					"soak %4.0f s, process %d: %,d hits p99 %s, %,d misses p99 %s, %,d refreshes p99 %s, %,d were gone, "
							+ "heap %.0f MB, resident %.0f MB, %d threads, %d handles, database %.0f MB, log %.0f MB, "
							+ "%d wrong, %d thrown, %d errors",
					this.sample.seconds(), this.process + 1, hits.getTotalCount(), millis(hits, 99),
					misses.getTotalCount(), millis(misses, 99), refreshes.getTotalCount(), millis(refreshes, 99),
					this.sample.asked(), this.sample.heap() / MB, this.sample.resident() / MB, this.sample.threads(),
					this.sample.files(), this.database / MB, this.log / MB, this.sample.wrong(), this.sample.thrown(),
					this.sample.errors());
		}

	}

}
