package io.github.llmcache.inference;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.testsupport.JavaProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A database is damaged that several processes use. One of them moves it aside, the
 * others go on in the new one; what was acknowledged after that is in the new one, and
 * what can be read of the old one gets there, whoever is killed meanwhile.
 */
class SharedDamageTests {

	private static final int PROCESSES = 3;

	private static final String MODEL = "gpt-test";

	private static final int ENTRIES = 1500;

	private static final int PAGE = 8 * 1024;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	/** Fixed, so that a failure can be repeated. */
	private final Random random = new Random(20260102);

	private final List<JavaProcess> processes = new ArrayList<>();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path temp;

	private Path filled() {
		return this.temp.resolve("filled");
	}

	@BeforeEach
	void fill() {
		try (CacheStore store = FaultyCache.sqliteStore(filled())) {
			store.putAll(IntStream.range(0, ENTRIES).mapToObj((i) -> TestEntries.entry(key(old(i)), old(i))).toList());
		}
	}

	@AfterEach
	void end() {
		this.processes.forEach(JavaProcess::close);
	}

	@Test
	void whatIsAcknowledgedAfterTheFileWasMovedIsInTheNewOne() throws Exception {
		Survival line = Survival.of(Area.FILES, "SQLite: overwritten while several processes write to it");
		int rounds = Scale.of(8, 1);
		Outcome outcome = new Outcome();
		for (int round = 0; round < rounds; round++) {
			Path directory = this.temp.resolve("overwritten-" + round);
			FaultyCache.copy(filled(), directory);
			List<JavaProcess> writers = new ArrayList<>();
			for (int i = 0; i < PROCESSES; i++) {
				writers.add(start(Writer.class, directory.toString(), "process-" + i));
			}
			for (JavaProcess writer : writers) {
				hear(writer, "before ", 20);
			}
			Path file = database(directory);
			overwrite(file, 0, Files.size(file));
			Set<String> acknowledged = new HashSet<>();
			for (JavaProcess writer : writers) {
				acknowledged.addAll(hear(writer, "after ", 50));
			}
			writers.forEach(JavaProcess::close);
			outcome.add(directory, acknowledged, 0);
		}
		outcome.record(line.count("rounds", rounds).count("processes", (long) rounds * PROCESSES));
	}

	@Test
	void ofSeveralThatFindTheDamageAtOnceOneMovesTheFile() throws Exception {
		Survival line = Survival.of(Area.FILES, "SQLite: damage that several processes find at once");
		int rounds = Scale.of(40, 4);
		int readable = readable();
		Path directories = this.temp.resolve("together");
		List<JavaProcess> finders = new ArrayList<>();
		for (int i = 0; i < PROCESSES; i++) {
			finders.add(start(Finder.class, directories.toString(), "process-" + i));
		}
		Outcome outcome = new Outcome();
		for (int round = 0; round < rounds; round++) {
			Path directory = directories.resolve(Integer.toString(round));
			copyDamaged(directory);
			finders.forEach(JavaProcess::nudge);
			Set<String> acknowledged = new HashSet<>();
			for (JavaProcess finder : finders) {
				acknowledged.addAll(hear(finder, "after ", 5));
				hear(finder, "closed", 1);
			}
			outcome.add(directory, acknowledged, readable);
		}
		outcome.record(line.count("rounds", rounds).count("processes", PROCESSES));
	}

	@Test
	void whatAProcessHadNotRescuedWhenItWasKilledIsRescuedByTheNextOne() throws Exception {
		Survival line = Survival.of(Area.FILES, "SQLite: killed while a damaged file is moved and rescued");
		int rounds = Scale.of(24, 3);
		int readable = readable();
		Outcome outcome = new Outcome();
		for (int round = 0; round < rounds; round++) {
			Path directory = this.temp.resolve("killed-" + round);
			copyDamaged(directory);
			JavaProcess killed = start(Writer.class, directory.toString(), "process-0");
			// From before the file is moved to when nearly all is rescued
			int stage = this.random.nextInt(10);
			Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> switch (stage) {
				case 0 -> !FaultyCache.find(directory, "-wal").isEmpty();
				case 1 -> !FaultyCache.aside(directory).isEmpty();
				case 2 -> !FaultyCache.aside(directory).isEmpty() && exists(directory);
				default -> rescued(directory) > (stage - 3) * readable / 8;
			});
			killed.kill();
			Set<String> acknowledged = new HashSet<>(said(killed, "after "));
			outcome.add(directory, acknowledged, readable);
		}
		outcome.record(line.count("kills", rounds));
	}

	/**
	 * Return how many entries can be read of the damaged copy.
	 */
	private int readable() throws Exception {
		Path directory = this.temp.resolve("undisturbed");
		copyDamaged(directory);
		int readable = new Outcome().add(directory, Set.of(), 0);
		assertThat(readable).isBetween(ENTRIES / 4, ENTRIES - 1);
		return readable;
	}

	private void copyDamaged(Path directory) throws IOException {
		FaultyCache.copy(filled(), directory);
		Path file = database(directory);
		long page = Files.size(file) / PAGE / 2;
		overwrite(file, page * PAGE, (page + 3) * PAGE);
	}

	private static void overwrite(Path file, long from, long to) throws IOException {
		try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
			byte[] bytes = new byte[(int) (to - from)];
			Arrays.fill(bytes, (byte) 0xA5);
			access.seek(from);
			access.write(bytes);
		}
	}

	private JavaProcess start(Class<?> main, String... arguments) {
		JavaProcess process = JavaProcess.of(main).lasting(Duration.ofMinutes(10)).arguments(arguments).start();
		this.processes.add(process);
		return process;
	}

	private static List<String> hear(JavaProcess process, String prefix, int count) {
		List<String> heard = new ArrayList<>();
		while (heard.size() < count) {
			String line = Objects.requireNonNull(process.hear(), "The process has ended");
			assertThat(line).doesNotStartWith("thrown");
			if (line.startsWith(prefix)) {
				heard.add(line.substring(prefix.length()));
			}
		}
		return heard;
	}

	private static List<String> said(JavaProcess process, String prefix) {
		return JavaProcess.said(process.printed())
			.filter((line) -> line.startsWith(prefix))
			.map((line) -> line.substring(prefix.length()))
			.toList();
	}

	private static CacheKey key(String name) {
		return TestEntries.key(MODEL, name);
	}

	private static String old(int number) {
		return "An answer from before, number " + number + " ".repeat(number % 100);
	}

	private static Path database(Path directory) {
		return FaultyCache.find(directory, ".sqlite").get(0);
	}

	private static boolean exists(Path directory) {
		return !FaultyCache.find(directory, ".sqlite").isEmpty();
	}

	private static long rescued(Path directory) {
		return FaultyCache.aside(directory).isEmpty() ? 0 : query(directory, "SELECT count(*) FROM entry");
	}

	/**
	 * Return a number of the new file, 0 if that has not begun.
	 */
	private static long query(Path directory, String query) {
		List<Path> files = FaultyCache.find(directory, ".sqlite");
		if (files.isEmpty()) {
			return 0;
		}
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + files.get(0).toUri() + "?mode=ro");
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(query)) {
			return row.next() ? row.getLong(1) : 0;
		}
		catch (SQLException ex) {
			return 0;
		}
	}

	/**
	 * What became of the entries of all rounds.
	 */
	private static final class Outcome {

		private long acknowledged;

		private long rescued;

		private long lost;

		private long wrong;

		/**
		 * Finish the rescue, and look what is in the new file.
		 * @param directory the directory
		 * @param acknowledged what has to be there
		 * @param readable how much of what was there before has to be there
		 * @return how much of it is there
		 */
		private int add(Path directory, Set<String> acknowledged, int readable) throws Exception {
			int kept = 0;
			try (CacheStore store = FaultyCache.sqliteStore(directory)) {
				Awaitility.await().atMost(PATIENCE).until(() -> isRescued(store, directory));
				for (int i = 0; i < ENTRIES; i++) {
					kept += isThere(store, old(i)) ? 1 : 0;
				}
				for (String name : acknowledged) {
					this.lost += isThere(store, name) ? 0 : 1;
				}
				// Nothing but that there is a file that was moved
				assertThat(store.problems()).singleElement().asString().contains(".corrupt-");
			}
			this.acknowledged += acknowledged.size();
			this.rescued += kept;
			this.lost += Math.max(readable - kept, 0);
			assertThat(FaultyCache.aside(directory)).hasSize(1);
			return kept;
		}

		private static boolean isRescued(CacheStore store, Path directory) {
			try {
				// What is moved is rescued as soon as there is a new one
				store.putAll(List.of(TestEntries.entry(key("next"), "next")));
				for (int i = 0; i < ENTRIES; i++) {
					store.get(key(old(i)));
				}
			}
			catch (CacheStoreException ex) {
				// Now it is suspected
				return false;
			}
			return !FaultyCache.aside(directory).isEmpty() && query(directory,
					"SELECT count(*) FROM metadata WHERE name LIKE 'rescue of %' AND value = 'done'") == 1;
		}

		private boolean isThere(CacheStore store, String name) throws UnreadableEntryException {
			StoredEntry found = store.get(key(name));
			if (found == null) {
				return false;
			}
			this.wrong += TestEntries.bodies(found.read()).equals(List.of(name)) ? 0 : 1;
			return true;
		}

		private void record(Survival line) {
			line.count("acknowledged afterwards", this.acknowledged)
				.count("entries rescued", this.rescued)
				.lost(this.lost)
				.wrong(this.wrong)
				.record();
			assertThat(this.lost).isZero();
			assertThat(this.wrong).isZero();
		}

	}

	/**
	 * Saves and reads, and says what was acknowledged before the file was moved, and what
	 * was not even begun by then.
	 */
	static class Writer {

		private final Path directory;

		private final String name;

		private final Random random = new Random();

		private int saved;

		Writer(Path directory, String name) {
			this.directory = directory;
			this.name = name;
		}

		public static void main(String[] args) {
			new Writer(Path.of(args[0]), args[1]).write(Integer.MAX_VALUE);
		}

		/**
		 * Write until so many were acknowledged after the file was moved.
		 */
		void write(int count) {
			int after = 0;
			try (CacheStore store = FaultyCache.sqliteStore(this.directory)) {
				while (after < count) {
					boolean moved = !FaultyCache.aside(this.directory).isEmpty() && exists(this.directory);
					String key = this.name + "-" + this.saved++;
					if (save(store, key)) {
						JavaProcess.say((moved ? "after " : "before ") + key);
						after += moved ? 1 : 0;
					}
				}
			}
			catch (RuntimeException ex) {
				JavaProcess.say("thrown " + ex);
				throw ex;
			}
		}

		private boolean save(CacheStore store, String key) {
			try {
				// What was stored before is not in the log: the damage is found
				for (int i = 0; i < 20; i++) {
					store.get(key(old(this.random.nextInt(ENTRIES))));
				}
			}
			catch (CacheStoreException ex) {
				JavaProcess.say("damaged");
			}
			try {
				store.appendAll(List.of(TestEntries.entry(key(key), key)));
				return true;
			}
			catch (CacheStoreException ex) {
				return false;
			}
		}

	}

	/**
	 * Uses one directory after the other, each as soon as it is nudged.
	 */
	static final class Finder {

		private Finder() {
		}

		public static void main(String[] args) throws IOException {
			for (int round = 0; System.in.read() >= 0; round++) {
				new Writer(Path.of(args[0], Integer.toString(round)), args[1] + "-" + round).write(5);
				JavaProcess.say("closed");
			}
		}

	}

}
