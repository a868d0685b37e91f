package io.github.llmcache.faults.load;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.testsupport.JavaProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code inferAll} answers any number of requests in bounded memory: in a JVM
 * that could not hold a tenth of them with their answers, first by a provider that is
 * slower than they come, then from the cache, and while nothing can be saved.
 */
class InferAllMemoryTests {

	private static final Duration LONGEST = Duration.ofMinutes(20);

	@TempDir
	Path directory;

	private JavaProcess provider;

	private String port;

	@BeforeEach
	void start() {
		this.provider = JavaProcess.of(LoadProvider.class).lasting(LONGEST).arguments("2", "10").start();
		this.port = Objects.requireNonNull(this.provider.hear());
	}

	@AfterEach
	void stop() {
		this.provider.close();
	}

	@Test
	void requestsAreAskedAndAnsweredInBoundedMemory() {
		int count = Scale.of(100_000, 5000);
		try (JavaProcess caller = caller(count, "64m")) {
			caller.nudge();
			String asked = Objects.requireNonNull(caller.hear());
			long[] calls = calls();
			caller.nudge();
			String hits = Objects.requireNonNull(caller.hear());
			Survival.of(Area.LOAD, "SQLite: one `inferAll` in a heap of 64 MB, asked and then cached")
				.count("requests", count)
				.count("calls at the same time at most", calls[1])
				.lost(2L * count - number(asked, "answered") - number(hits, "answered"))
				.wrong(number(asked, "wrong") + number(hits, "wrong"))
				.record();
			assertThat(asked).isEqualTo(count + " answered 0 cached 0 wrong 0 errors");
			assertThat(hits).isEqualTo(count + " answered " + count + " cached 0 wrong 0 errors");
			assertThat(calls[0]).isEqualTo(count);
			assertThat(calls[1]).isLessThanOrEqualTo(BulkCaller.MAX_CONCURRENCY);
			assertThat(calls()).isEqualTo(calls);
		}
	}

	@Test
	void requestsAreAnsweredInBoundedMemoryWhileNothingCanBeSaved() throws Exception {
		int count = Scale.of(10_000, 1500);
		try (JavaProcess caller = caller(10, "64m", "llmcache.sqlite.busy-timeout=100ms")) {
			// So that there is a file to be locked
			caller.nudge();
			assertThat(caller.hear()).isEqualTo("10 answered 0 cached 0 wrong 0 errors");
		}
		try (JavaProcess caller = caller(count, "64m", "llmcache.sqlite.busy-timeout=100ms")) {
			try (Connection connection = connect(); Statement statement = connection.createStatement()) {
				statement.execute("BEGIN IMMEDIATE");
				caller.nudge();
				String asked = Objects.requireNonNull(caller.hear());
				assertThat(asked).startsWith(count + " answered 10 cached 0 wrong ");
				assertThat(number(asked, "errors")).isPositive();
				Survival.of(Area.LOAD, "SQLite: one `inferAll` in a heap of 64 MB while nothing can be saved")
					.count("requests", count)
					.count("saves given up", number(asked, "errors"))
					.lost(count - number(asked, "answered"))
					.wrong(number(asked, "wrong"))
					.record();
			}
			caller.nudge();
			assertThat(caller.hear()).startsWith(count + " answered 10 cached 0 wrong ");
			caller.nudge();
			assertThat(caller.hear()).startsWith(count + " answered " + count + " cached 0 wrong ");
		}
	}

	private JavaProcess caller(int count, String heap, String... properties) {
		String[] arguments = new String[3 + properties.length];
		arguments[0] = this.directory.toString();
		arguments[1] = this.port;
		arguments[2] = Integer.toString(count);
		System.arraycopy(properties, 0, arguments, 3, properties.length);
		JavaProcess caller = JavaProcess.of(BulkCaller.class)
			.lasting(LONGEST)
			.options("-Xmx" + heap)
			.arguments(arguments)
			.start();
		assertThat(caller.hear()).isEqualTo("ready");
		return caller;
	}

	private Connection connect() throws Exception {
		List<Path> files = Awaitility.await().until(this::databases, (found) -> found.size() == 1);
		return new SQLiteConfig().createConnection("jdbc:sqlite:" + files.get(0));
	}

	private List<Path> databases() {
		return Arrays.stream(Objects.requireNonNull(this.directory.toFile().listFiles()))
			.map((file) -> file.toPath())
			.filter((file) -> file.toString().endsWith(".sqlite"))
			.toList();
	}

	/**
	 * Return how many calls there have been, and how many at the same time at the most.
	 */
	private long[] calls() {
		this.provider.nudge();
		return Arrays.stream(Objects.requireNonNull(this.provider.hear()).split(" "))
			.mapToLong(Long::parseLong)
			.toArray();
	}

	private static long number(String said, String unit) {
		List<String> words = List.of(said.split(" "));
		int index = words.indexOf(unit);
		return (index > 0) ? Long.parseLong(words.get(index - 1)) : 0;
	}

}
