package io.github.llmcache.faults.processes;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.file.FileStoreOpener;
import io.github.llmcache.cache.redis.RedisStoreOpener;
import io.github.llmcache.cache.sqlite.SqliteStoreOpener;
import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.testsupport.JavaProcess;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Writers that are killed lose nothing that was acknowledged, and leave nothing torn
 * behind: round after round, in the same directory, whatever they were at. What is killed
 * is the process, not the machine: what it had given to the operating system is written.
 */
class KilledWritesTests {

	/** After so many rounds, a new one begins in an empty directory. */
	private static final int ROUNDS_A_DIRECTORY = 10;

	private static final int LONGEST_CREATION_MILLIS = 500;

	private static final int LONGEST_WRITE_MILLIS = 20;

	/** More are acknowledged by the time the writer is dead. */
	private static final int MOST_WRITES = 400;

	private static final int MOST_MINUTES = 2;

	private static final Pattern ACKNOWLEDGED = Pattern.compile("(\\d+) (\\d+);");

	private final long seed = new SplittableRandom().nextLong(1_000_000_000);

	private final SplittableRandom random = new SplittableRandom(this.seed);

	private final ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();

	private final List<String> failures = new ArrayList<>();

	private long acknowledged;

	private long lost;

	private long wrong;

	private long thrown;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@AfterEach
	void stopKilling() {
		this.killer.shutdownNow();
	}

	@Test
	void whatWasAcknowledgedIsInTheDatabase() throws Exception {
		killAgainAndAgain("SQLite: killed while it writes, evicts and migrates", Scale.of(120, 7),
				new SqliteStoreOpener());
	}

	@Test
	void whatWasAcknowledgedIsInTheFiles() throws Exception {
		killAgainAndAgain("Files: killed while it writes and evicts", Scale.of(60, 3), new FileStoreOpener());
	}

	@Test
	void whatWasAcknowledgedIsInRedis() throws Exception {
		try (RedisServer server = RedisServer.start()) {
			Run run = new Run(new RedisStoreOpener(), RedisServer.HOST + ":" + server.port(), false);
			int rounds = Scale.of(20, 2);
			for (int round = 0; round < rounds; round++) {
				run.killOnce(round);
			}
			run.end();
		}
		report("Redis: client killed while it writes and evicts", Scale.of(20, 2));
	}

	private void killAgainAndAgain(String what, int rounds, StoreOpener opener) throws Exception {
		for (int first = 0; first < rounds; first += ROUNDS_A_DIRECTORY) {
			Run run = new Run(opener, this.directory.resolve("cache-" + first).toString(), true);
			for (int round = first; round < Math.min(rounds, first + ROUNDS_A_DIRECTORY); round++) {
				run.killOnce(round);
			}
			run.end();
		}
		report(what, rounds);
	}

	private void report(String what, int kills) {
		Survival.of(Area.PROCESSES, what)
			.count("kills", kills)
			.count("acknowledged writes", this.acknowledged)
			.lost(this.lost)
			.wrong(this.wrong)
			.thrown(this.thrown)
			.record();
		assertThat(this.failures).as("seed %s", this.seed).isEmpty();
		assertThat(this.lost + this.wrong + this.thrown).isZero();
		assertThat(this.acknowledged).as("acknowledged").isPositive();
	}

	private void deleteAll(Path folder) throws IOException {
		if (Files.exists(folder)) {
			try (Stream<Path> files = Files.walk(folder)) {
				files.sorted(Comparator.reverseOrder()).forEach((file) -> {
					try {
						Files.delete(file);
					}
					catch (IOException ex) {
						throw new UncheckedIOException(ex);
					}
				});
			}
		}
		Files.createDirectories(folder);
	}

	/**
	 * Rounds of writers of the same cache.
	 */
	private final class Run {

		private final KilledWritesTests tests = KilledWritesTests.this;

		private final ExpectedEntries expected = new ExpectedEntries();

		private final StoreOpener opener;

		private final String argument;

		/** Whether nothing has been created yet. */
		private boolean fresh;

		private Run(StoreOpener opener, String argument, boolean fresh) {
			this.opener = opener;
			this.argument = argument;
			this.fresh = fresh;
		}

		private void killOnce(int round) throws Exception {
			// Every other one has to put in order itself what the last one has left
			boolean fresh = this.fresh;
			boolean waits = !fresh && round % 2 == 0;
			if (!waits && !fresh) {
				check();
			}
			this.fresh = false;
			// Who is killed leaves native libraries behind
			Path libraries = this.tests.directory.resolve("libraries");
			deleteAll(libraries);
			try (JavaProcess process = JavaProcess.of(KilledWriter.class)
				.options("-Djava.io.tmpdir=" + libraries)
				.arguments(String.valueOf(this.tests.seed), String.valueOf(round), String.valueOf(waits),
						this.opener.getClass().getName(), this.argument)
				.start()) {
				assertThat(process.hear()).isEqualTo("begun");
				if (waits) {
					assertThat(process.hear()).isEqualTo("ready");
					check();
					process.nudge();
				}
				if (fresh) {
					// While it creates the file and its tables, or shortly afterwards
					await().atMost(MOST_MINUTES, TimeUnit.MINUTES)
						.pollInterval(1, TimeUnit.MILLISECONDS)
						.until(() -> isCreated());
					killSoon(process, this.tests.random.nextInt(LONGEST_CREATION_MILLIS));
				}
				take(process, round, fresh ? Integer.MAX_VALUE : this.tests.random.nextInt(MOST_WRITES));
				assertThat(process.waitFor()).isNotZero();
			}
		}

		private boolean isCreated() {
			String[] files = new File(this.argument).list();
			return files != null && files.length > 0;
		}

		private void killSoon(JavaProcess process, int millis) {
			this.tests.killer.schedule(process::kill, millis, TimeUnit.MILLISECONDS);
		}

		private void take(JavaProcess process, int round, int writes) {
			long[] steps = new long[WriteScript.THREADS];
			int heard = 0;
			for (String line = process.hear(); line != null; line = process.hear()) {
				Matcher matcher = ACKNOWLEDGED.matcher(line);
				if (matcher.matches()) {
					steps[Integer.parseInt(matcher.group(1))] = Long.parseLong(matcher.group(2)) + 1;
					if (heard++ == writes) {
						killSoon(process, this.tests.random.nextInt(LONGEST_WRITE_MILLIS));
					}
				}
				else if (line.startsWith("failed")) {
					this.tests.thrown++;
					this.tests.failures.add("round " + round + " " + line);
				}
			}
			for (int thread = 0; thread < steps.length; thread++) {
				this.expected.written(new WriteScript(this.tests.seed, round, thread), steps[thread]);
				this.tests.acknowledged += steps[thread];
			}
		}

		private void check() {
			try (EntryCodec codec = new EntryCodec(KilledWriter.MAX_ENTRY_SIZE);
					CacheStore store = this.opener.open(List.of(this.argument), codec)) {
				this.expected.check(store);
			}
		}

		private void end() {
			check();
			try (EntryCodec codec = new EntryCodec(KilledWriter.MAX_ENTRY_SIZE);
					CacheStore store = this.opener.open(List.of(this.argument), codec)) {
				List<String> problems = store.problems();
				this.tests.wrong += problems.size();
				this.tests.failures.addAll(problems);
				this.tests.failures.addAll(store.leftOut());
			}
			this.tests.lost += this.expected.lost;
			this.tests.wrong += this.expected.wrong;
			this.tests.failures.addAll(this.expected.failures);
		}

	}

}
