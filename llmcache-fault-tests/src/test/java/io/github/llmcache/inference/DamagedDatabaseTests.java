package io.github.llmcache.inference;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.inference.FaultyCache.Damage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is done to the file of a database, callers get answers, and the right ones,
 * what can be read stays or is rescued, and what is answered afterwards is stored.
 */
@ExtendWith(OutputCaptureExtension.class)
class DamagedDatabaseTests {

	private static final int ENTRIES = 100;

	private static final int PAGE = 8 * 1024;

	/**
	 * Says whether the file can be written: what is wrong here looks like a permission.
	 */
	private static final int WRITE_VERSION = 18;

	/** Fixed, so that a failure can be repeated. */
	private final Random random = new Random(20260102);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path temp;

	@BeforeEach
	void logWarnings() {
		// Applications of other tests in this process have had levels of their own
		LoggingSystem.get(DamagedDatabaseTests.class.getClassLoader()).setLogLevel("io.github.llmcache", LogLevel.INFO);
	}

	@Test
	void whatIsNoDatabaseIsMovedAside(CapturedOutput output) {
		byte[] noise = new byte[50_000];
		this.random.nextBytes(noise);
		Map<String, Damage> damages = new TreeMap<>();
		damages.put("empty", (directory) -> Files.write(database(directory), new byte[0]));
		damages.put("noise", (directory) -> Files.write(database(directory), noise));
		damages.put("a text", (directory) -> Files.writeString(database(directory), "secret text ".repeat(100)));
		damages.put("a byte", (directory) -> Files.write(database(directory), new byte[] { 'S' }));
		damages.put("zeros", (directory) -> Files.write(database(directory), new byte[10 * PAGE]));
		damages.put("half of a header", (directory) -> truncate(database(directory), 50));
		damages.put("no header", overwrite(0, 100));
		damages.put("no first page", overwrite(0, PAGE));
		damages.put("no schema", overwrite(100, PAGE));
		Survival line = Survival.of(Area.FILES, "SQLite: no database in its place");
		try (FaultyCache cache = FaultyCache.sqlite(this.temp).fill(10)) {
			damages.forEach((name, damage) -> {
				cache.damage(damage);
				cache.askAll(10);
				cache.awaitStores();
				// To SQLite, these are empty files
				assertThat(cache.aside()).as(name).hasSize(name.matches("empty|a byte") ? 0 : 1);
				cache.askAll(10);
				assertThat(cache.askAll(10)).as(name).isEqualTo(10);
				cache.restart();
				assertThat(cache.askAll(10)).as(name).isEqualTo(10);
			});
			cache.record(line.count("files", damages.size()));
			assertSurvived(cache);
			assertThat(output).contains("has been moved to gpt-test-")
				.doesNotContain("secret")
				.doesNotContain("Question");
		}
	}

	@Test
	void aFileThatIsCutOffLosesWhatIsCutOff() throws Exception {
		Survival line = Survival.of(Area.FILES, "SQLite: cut off");
		try (FaultyCache cache = FaultyCache.sqlite(this.temp).fill(ENTRIES)) {
			int pages = (int) (Files.size(cache.database()) / PAGE);
			List<Long> lengths = new ArrayList<>();
			for (int page = 0; page < pages; page += Scale.of(1, 6)) {
				lengths.add((long) page * PAGE);
			}
			for (int i = 0; i < Scale.of(50, 3); i++) {
				lengths.add(1 + this.random.nextLong((long) pages * PAGE - 1));
			}
			long rescued = 0;
			for (long length : lengths) {
				cache.damage((directory) -> truncate(database(directory), length));
				cache.ask(this.random.nextInt(ENTRIES));
				cache.askAll(5);
				cache.awaitStores();
				awaitRescue(cache);
				int kept = cache.askAll(ENTRIES);
				rescued += kept;
				if (length >= (long) (pages - 1) * PAGE) {
					assertThat(kept).as("cut off at %d of %d pages", length, pages).isGreaterThan(ENTRIES / 2);
				}
			}
			cache.record(line.count("files", lengths.size()).count("entries rescued", rescued));
			assertSurvived(cache);
		}
	}

	@Test
	void flippedBitsAreMissesOrHeal() {
		Survival line = Survival.of(Area.FILES, "SQLite: a bit flipped in the database");
		int rounds = Scale.of(2000, 100);
		try (FaultyCache cache = FaultyCache.sqlite(this.temp).fill(ENTRIES)) {
			long moved = 0;
			long left = 0;
			long stale = 0;
			for (int i = 0; i < rounds; i++) {
				// All over the file, and often where the most depends on it
				int area = i % 5;
				long[] offset = new long[1];
				cache.damage((directory) -> {
					Path file = database(directory);
					long end = (area == 0) ? 100 : (area == 1) ? PAGE : Files.size(file);
					offset[0] = this.random.nextLong(end);
					flip(file, offset[0]);
				});
				cache.askAll(ENTRIES);
				if (offset[0] == WRITE_VERSION) {
					continue;
				}
				left += cache.awaitStoresOrLeavesAlone("a bit of byte " + offset[0]) ? 0 : 1;
				moved += cache.aside().size();
				stale += cache.stale();
			}
			cache.record(line.count("bits", rounds)
				.count("misses counted as stale", stale)
				.count("files moved aside", moved)
				.count("files left alone", left));
			assertSurvived(cache);
			assertThat(stale).isPositive();
			assertThat(cache.hits()).isPositive();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-wal", "-shm" })
	void flippedBitsBesideTheDatabaseAreMissesOrHeal(String suffix) {
		Survival line = Survival.of(Area.FILES, "SQLite: a bit flipped in the " + suffix + " file");
		int rounds = Scale.of(200, 15);
		try (FaultyCache cache = FaultyCache.sqlite(this.temp).fill(1)) {
			Path killed = this.temp.resolve("killed");
			// As it is when a process is killed that has stored these
			cache.restart();
			cache.askAll(20);
			FaultyCache.copy(cache.directory(), killed);
			for (int i = 0; i < rounds; i++) {
				cache.damage((directory) -> {
					FaultyCache.delete(directory);
					FaultyCache.copy(killed, directory);
					Path file = FaultyCache.find(directory, suffix).get(0);
					flip(file, this.random.nextLong(Files.size(file)));
				});
				cache.accept(20);
				cache.ask(this.random.nextInt(20));
				cache.ask(0);
				cache.awaitStores();
				cache.askAll(20);
			}
			cache.record(line.count("bits", rounds));
			assertSurvived(cache);
		}
	}

	@Test
	void aWrongSchemaIsMovedAside(CapturedOutput output) {
		List<String> statements = List.of("DROP TABLE entry", "DROP TABLE entry_details", "DROP TABLE entry_use",
				"DROP TABLE statistics", "DROP TABLE dictionary", "DROP TABLE metadata",
				"DROP TABLE llmcache_schema_history", "DELETE FROM llmcache_schema_history",
				"ALTER TABLE entry RENAME COLUMN payload TO other", "ALTER TABLE entry_details DROP COLUMN bytes",
				"ALTER TABLE llmcache_schema_history RENAME COLUMN version TO other");
		Survival line = Survival.of(Area.FILES, "SQLite: tables missing, or with other columns");
		try (FaultyCache cache = FaultyCache.sqlite(this.temp).fill(20)) {
			long rescued = 0;
			for (String statement : statements) {
				cache.damage((directory) -> execute(database(directory), statement));
				cache.ask(0);
				cache.awaitStores();
				Awaitility.await().until(() -> {
					cache.ask(0);
					cache.stores();
					return cache.health().isUp();
				});
				awaitRescue(cache);
				rescued += cache.askAll(20);
			}
			cache.record(line.count("files", statements.size()).count("entries rescued", rescued));
			assertSurvived(cache);
			assertThat(output).contains("entries were rescued");
			assertThat(rescued).isGreaterThan(5 * 19);
		}
	}

	@Test
	void whatIsNewerOrOfSomethingElseIsLeftAlone() throws Exception {
		Survival line = Survival.of(Area.FILES, "SQLite: newer files, and those of other programs");
		Map<String, Damage> damages = new TreeMap<>();
		damages.put("newer version", (directory) -> execute(database(directory),
				"INSERT INTO llmcache_schema_history SELECT 99, '99', 'x', type, script, checksum, installed_by, "
						+ "installed_on, execution_time, success FROM llmcache_schema_history WHERE version = '3'"));
		damages.put("something else", (directory) -> {
			Path file = database(directory);
			Files.delete(file);
			execute(file, "CREATE TABLE precious (a)");
		});
		damages.put("another model", (directory) -> execute(database(directory),
				"UPDATE metadata SET value = 'other' WHERE name = 'model'"));
		try (FaultyCache cache = FaultyCache.sqlite(this.temp).fill(10)) {
			for (Map.Entry<String, Damage> damage : damages.entrySet()) {
				FileTime time = FileTime.fromMillis(1_700_000_000_000L);
				cache.damage((directory) -> {
					damage.getValue().run(directory);
					Files.setLastModifiedTime(database(directory), time);
				});
				byte[] before = Files.readAllBytes(cache.database());
				assertThat(cache.askAll(10)).isZero();
				assertThat(cache.stores()).isFalse();
				assertThat(cache.health().failure()).contains(damage.getKey());
				cache.restart();
				assertThat(cache.askAll(10)).isZero();
				cache.restart();
				assertThat(Files.readAllBytes(cache.database())).isEqualTo(before);
				assertThat(cache.aside()).isEmpty();
				if (!"another model".equals(damage.getKey())) {
					assertThat(Files.getLastModifiedTime(cache.database())).isEqualTo(time);
				}
				assertThat(FaultyCache.find(cache.directory(), "-wal")).isEmpty();
				assertThat(FaultyCache.find(cache.directory(), "-shm")).isEmpty();
			}
			cache.record(line.count("files", damages.size()));
			assertSurvived(cache);
		}
	}

	@Test
	void aLinkADirectoryAndFilesOfOthersInTheWayAreSurvived() {
		Survival line = Survival.of(Area.FILES, "SQLite: links, directories, and journals of others");
		List<Damage> damages = List.of((directory) -> {
			Path elsewhere = directory.resolveSibling("elsewhere.sqlite");
			Files.move(database(directory), elsewhere, StandardCopyOption.REPLACE_EXISTING);
			Files.createSymbolicLink(directory.resolve(elsewhere.resolveSibling(this.name).getFileName()), elsewhere);
		}, (directory) -> Files.createFile(beside(directory, "-wal")),
				(directory) -> Files.writeString(beside(directory, "-wal"), "no log ".repeat(10_000)),
				(directory) -> Files.writeString(beside(directory, "-journal"), "no journal ".repeat(1000)),
				(directory) -> Files.writeString(beside(directory, "-shm"), "no index ".repeat(10_000)));
		try (FaultyCache cache = FaultyCache.sqlite(this.temp).fill(10)) {
			this.name = String.valueOf(cache.database().getFileName());
			for (Damage damage : damages) {
				cache.damage(damage);
				assertThat(cache.askAll(10)).isEqualTo(10);
				cache.awaitStores();
				assertThat(cache.aside()).isEmpty();
			}
			cache.damage((directory) -> {
				Files.delete(database(directory));
				Files.createDirectory(directory.resolve(this.name));
			});
			assertThat(cache.askAll(10)).isZero();
			assertThat(cache.stores()).isFalse();
			assertThat(cache.health().isUp()).isFalse();
			delete(cache.directory().resolve(this.name));
			cache.awaitStores();
			cache.record(line.count("files", damages.size() + 1));
			assertSurvived(cache);
		}
	}

	private String name = "";

	@Test
	void whatIsReplacedDeletedOrOverwrittenWhileItIsOpenIsNoticed() {
		Survival line = Survival.of(Area.FILES, "SQLite: replaced, deleted or overwritten while it is open");
		byte[] noise = new byte[8 * PAGE];
		this.random.nextBytes(noise);
		List<Damage> damages = List.of((directory) -> FaultyCache.delete(directory),
				(directory) -> Files.delete(database(directory)), (directory) -> {
					Path copy = Files.copy(database(this.temp.resolve("backup")), this.temp.resolve("copy"),
							StandardCopyOption.REPLACE_EXISTING);
					deleteBeside(directory);
					Files.move(copy, database(directory), StandardCopyOption.ATOMIC_MOVE);
				}, (directory) -> Files.write(database(directory), noise), overwrite(PAGE, 100 * PAGE),
				(directory) -> truncate(database(directory), 3 * PAGE),
				(directory) -> truncate(database(directory), 0));
		int rounds = Scale.of(10, 1);
		try (FaultyCache cache = FaultyCache.sqlite(this.temp).fill(50)) {
			for (int i = 0; i < rounds * damages.size(); i++) {
				cache.damage((directory) -> {
				});
				assertThat(cache.askAll(50)).isEqualTo(50);
				cache.stores();
				run(damages.get(i % damages.size()), cache.directory());
				cache.askAll(50);
				cache.awaitStores();
				cache.askAll(50);
				// What is acknowledged from now on is in the file that others open
				int acknowledged = cache.storeMore(5);
				assertThat(acknowledged).isEqualTo(5);
				cache.restart();
				cache.lostOfMore();
			}
			cache.record(line.count("rounds", rounds * damages.size()).lost(cache.lost()));
			assertSurvived(cache);
			assertThat(cache.lost()).isZero();
		}
	}

	private static void awaitRescue(FaultyCache cache) {
		Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
			long done = cache.aside().isEmpty() ? 0 : query(cache.database(),
					"SELECT count(*) FROM metadata WHERE name LIKE 'rescue of %' AND value = 'done'");
			return done == cache.aside().size();
		});
	}

	private static void assertSurvived(FaultyCache cache) {
		assertThat(cache.thrown()).isEmpty();
		assertThat(cache.wrong()).isEmpty();
	}

	private static Path database(Path directory) {
		return FaultyCache.find(directory, ".sqlite").get(0);
	}

	private static Path beside(Path directory, String suffix) {
		Path file = database(directory);
		return file.resolveSibling(file.getFileName() + suffix);
	}

	private static void deleteBeside(Path directory) throws IOException {
		Files.deleteIfExists(beside(directory, "-wal"));
		Files.deleteIfExists(beside(directory, "-shm"));
	}

	private static void delete(Path path) {
		run((ignored) -> Files.delete(path), path);
	}

	private static void run(Damage damage, Path directory) {
		try {
			damage.run(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Damage overwrite(int from, int to) {
		return (directory) -> {
			Path file = database(directory);
			try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
				byte[] bytes = new byte[(int) Math.min(to, access.length()) - from];
				Arrays.fill(bytes, (byte) 0xA5);
				access.seek(from);
				access.write(bytes);
			}
		};
	}

	private static void truncate(Path file, long length) throws IOException {
		try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
			access.setLength(length);
		}
	}

	private void flip(Path file, long offset) throws IOException {
		try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
			access.seek(offset);
			int value = access.read();
			access.seek(offset);
			access.write(value ^ 1 << this.random.nextInt(8));
		}
	}

	private static void execute(Path file, String statement) throws IOException {
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
				Statement execution = connection.createStatement()) {
			execution.execute(statement);
		}
		catch (SQLException ex) {
			throw new IOException(ex);
		}
	}

	private static long query(Path file, String query) throws SQLException {
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(query)) {
			return row.next() ? row.getLong(1) : 0;
		}
	}

}
