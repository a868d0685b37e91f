package io.github.llmcache.faults.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import io.github.llmcache.testsupport.JavaProcess;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.system.JavaVersion;

/**
 * Lets processes ask on one directory for a time, 64 threads each: of ten questions seven
 * that are known, two that are new, and one that is known but asked again.
 */
public final class Soak {

	/** What a server would be given. */
	private static final String[] JVM = { "-Xms384m", "-Xmx384m", "-XX:+AlwaysPreTouch",
			"-XX:MaxDirectMemorySize=64m" };

	private static final int SAMPLES = 60;

	/** How often the heap is collected and looked at. */
	private static final int COLLECTIONS = 12;

	private final Path directory;

	private final Duration duration;

	private final int processes;

	private final String threads;

	private Soak(Path directory, Duration duration, int processes, String threads) {
		this.directory = directory;
		this.duration = duration;
		this.processes = processes;
		boolean virtual = "virtual".equals(threads)
				&& JavaVersion.getJavaVersion().isEqualOrNewerThan(JavaVersion.TWENTY_ONE);
		this.threads = virtual ? "virtual" : "platform";
	}

	/**
	 * Run soaks, and write {@code target/soak.md}. Arguments are for how many seconds,
	 * the kind of threads ({@code virtual}, where there are any, or {@code platform}),
	 * and for each soak how many processes.
	 */
	public static void main(String... arguments) throws Exception {
		List<SoakReport> reports = new ArrayList<>();
		for (String processes : List.of(arguments).subList(2, arguments.length)) {
			Path directory = Files.createTempDirectory("llmcache-soak");
			reports.add(run(directory, Duration.ofSeconds(Long.parseLong(arguments[0])), Integer.parseInt(processes),
					arguments[1]));
		}
		Files.createDirectories(Path.of("target"));
		for (SoakReport report : reports) {
			report.write(Path.of("target"));
		}
	}

	/**
	 * Run a soak.
	 * @param directory where the processes keep their answers
	 * @param duration for how long they ask
	 * @param processes how many there are
	 * @param threads {@code virtual}, where there are any, or {@code platform}
	 * @return what became of it
	 * @throws Exception if a process fails
	 */
	static SoakReport run(Path directory, Duration duration, int processes, String threads) throws Exception {
		return new Soak(directory, duration, processes, threads).run();
	}

	private SoakReport run() throws Exception {
		Duration interval = interval();
		int samples = (int) (this.duration.toMillis() / interval.toMillis());
		Duration longest = this.duration.plus(Duration.ofMinutes(10));
		List<JavaProcess> workers = new ArrayList<>();
		SoakReport report = new SoakReport(this.duration, this.processes, this.threads, maxEntries());
		ExecutorService readers = Executors.newFixedThreadPool(this.processes);
		try (JavaProcess provider = JavaProcess.of(LoadProvider.class)
			.lasting(longest)
			.options("-Xmx256m")
			.arguments("2", "10")
			.start()) {
			String port = require(provider.hear());
			for (int i = 0; i < this.processes; i++) {
				workers.add(JavaProcess.of(SoakWorker.class)
					.lasting(longest)
					.options(JVM)
					.arguments(this.directory.toString(), port, Integer.toString(this.processes), Integer.toString(i),
							Integer.toString(maxEntries()), Long.toString(interval.toMillis()),
							Integer.toString(samples), Integer.toString(Math.max(1, samples / COLLECTIONS)),
							this.threads)
					.start());
			}
			for (JavaProcess worker : workers) {
				expect("ready", worker.hear());
			}
			workers.forEach(JavaProcess::nudge);
			List<CompletableFuture<Void>> reading = IntStream.range(0, this.processes)
				.mapToObj((i) -> CompletableFuture.runAsync(() -> read(workers.get(i), i, report), readers))
				.toList();
			CompletableFuture.allOf(reading.toArray(CompletableFuture[]::new)).join();
		}
		finally {
			workers.forEach(JavaProcess::close);
			readers.shutdown();
		}
		report.ended(counted(), problems());
		return report;
	}

	/**
	 * Enough for what is known and some seconds of what is new, and so few that some have
	 * to go on a slow machine as well.
	 */
	private int maxEntries() {
		return (int) Math.max(1000, Math.min(25 * this.duration.toSeconds(), 20_000));
	}

	private Duration interval() {
		Duration interval = this.duration.dividedBy(SAMPLES);
		return (interval.toMillis() < 1000) ? Duration.ofSeconds(1) : interval;
	}

	private void read(JavaProcess worker, int index, SoakReport report) {
		String said = require(worker.hear());
		while (said.startsWith("{")) {
			report.add(index, JsonMapper.shared().readValue(said, SoakSample.class), size(".sqlite"),
					size(".sqlite-wal"));
			said = require(worker.hear());
		}
		expect("closed", said);
	}

	private static void expect(String expected, @Nullable String said) {
		if (!expected.equals(said)) {
			throw new IllegalStateException("A process of the soak said '" + said + "' instead of '" + expected + "'");
		}
	}

	private static String require(@Nullable String said) {
		return Objects.requireNonNull(said, "A process of the soak has ended");
	}

	private long size(String suffix) {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.toString().endsWith(suffix)).mapToLong(Soak::size).sum();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long size(Path file) {
		try {
			return Files.size(file);
		}
		catch (IOException ex) {
			// Deleted when nobody uses it any more
			return 0;
		}
	}

	private ModelStatistics counted() {
		try (SqliteCacheStore store = store()) {
			return store.statistics()
				.stream()
				.map(DailyStatistics::counters)
				.reduce(ModelStatistics.NONE, ModelStatistics::plus);
		}
	}

	private List<String> problems() {
		try (SqliteCacheStore store = store()) {
			return store.problems();
		}
	}

	private SqliteCacheStore store() {
		return new SqliteCacheStore(SqliteSettings.of(this.directory), new EntryCodec(16 << 20));
	}

}
