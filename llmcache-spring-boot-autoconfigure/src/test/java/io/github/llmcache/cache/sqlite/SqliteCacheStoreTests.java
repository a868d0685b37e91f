package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStoreContractTests;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.sqlite.SqliteSettings.Synchronous;
import io.github.llmcache.testsupport.JavaProcess;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConfig;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static io.github.llmcache.cache.TestEntries.bodies;
import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.key;
import static io.github.llmcache.cache.TestEntries.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SqliteCacheStore}.
 */
class SqliteCacheStoreTests extends CacheStoreContractTests {

	private static final CacheKey KEY = key(MODEL, 1);

	@Override
	protected CacheStore createStore() {
		return store(SqliteSettings.of(directory()));
	}

	@Override
	protected Class<? extends StoreOpener> opener() {
		return SqliteStoreOpener.class;
	}

	@Override
	protected List<String> openerArguments() {
		return List.of(directory().toString());
	}

	@Override
	protected void damage(CacheKey key) throws Exception {
		try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + file(key.model()));
				Statement statement = connection.createStatement()) {
			statement.executeUpdate("UPDATE entry SET payload = zeroblob(100) WHERE key = x'" + key.hex() + "'");
		}
	}

	private SqliteCacheStore store(SqliteSettings settings) {
		return new SqliteCacheStore(settings, this.codec);
	}

	@Test
	void aNativeLibraryThatCannotBeLoadedIsAFailureOfTheStore() throws Exception {
		JavaProcess process = start("put", "body", "-DZstdTempFolder=" + this.temp.resolve("missing"));
		assertThat(process.hear()).startsWith("failed: ").contains("ZstdTempFolder");
		assertThat(process.waitFor()).isZero();
	}

	private Path directory() {
		return this.temp.resolve("cache");
	}

	private Path file(String model) {
		return directory().resolve(DatabaseNames.of(model));
	}

	@Test
	void nothingIsCreatedBeforeSomethingIsStored() {
		CacheStore store = store();
		assertThat(store.get(KEY)).isNull();
		assertThat(store.getAll(List.of(KEY))).isEmpty();
		store.deleteModel(MODEL);
		store.size();
		assertThat(directory()).doesNotExist();
		store.putAll(List.of(entry(KEY, "a")));
		assertThat(store.get(key("other", 1))).isNull();
		assertThat(file(MODEL)).exists();
		assertThat(file("other")).doesNotExist();
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void filesArePrivate() throws IOException {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		assertThat(permissions(directory())).isEqualTo("rwx------");
		try (Stream<Path> files = Files.list(directory())) {
			assertThat(files).hasSize(3).allSatisfy((file) -> assertThat(permissions(file)).isEqualTo("rw-------"));
		}
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void permissionsOfADirectoryThatExistsAreLeftAlone() throws IOException {
		Files.createDirectory(directory(),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
		store().putAll(List.of(entry(KEY, "a")));
		assertThat(permissions(directory())).isEqualTo("rwxr-xr-x");
		assertThat(permissions(file(MODEL))).isEqualTo("rw-------");
	}

	private static String permissions(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void theDirectoryMayBeALink() throws Exception {
		Path target = Files.createDirectory(this.temp.resolve("target"));
		Files.createSymbolicLink(directory(), target);
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "with space", "what?", "what?journal_mode=delete&cache=shared", "100%", "100%41", "#1",
			"é\uD83D\uDE80", "a:b", "mode=memory", "'quoted\"", "a+b", "cache=x", " " })
	void theDirectoryMayHaveAnyName(String name) throws Exception {
		Path directory = this.temp.resolve(name).resolve("cache");
		try (SqliteCacheStore store = store(SqliteSettings.of(directory))) {
			store.putAll(List.of(entry(KEY, "a")));
			assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
			assertThat(directory.resolve(DatabaseNames.of(MODEL))).exists();
			assertThat(store.size()).extracting(StoreSize::model).containsExactly(MODEL);
		}
		try (Stream<Path> files = Files.list(this.temp)) {
			assertThat(files).hasSize(1);
		}
	}

	@Test
	void theFormatOfTheFileIsAsChosen() throws Exception {
		store().putAll(List.of(entry(KEY, "a")));
		assertThat(query("PRAGMA page_size")).isEqualTo("8192");
		assertThat(query("PRAGMA auto_vacuum")).isEqualTo("2");
		assertThat(query("PRAGMA journal_mode")).isEqualTo("wal");
		assertThat(query("SELECT count(*) FROM llmcache_schema_history")).isEqualTo("2");
		assertThat(query("SELECT value FROM metadata")).isEqualTo(MODEL);
		assertThat(query("PRAGMA integrity_check")).isEqualTo("ok");
	}

	@Test
	void settingsReachSqlite() throws Exception {
		SqliteSettings settings = new SqliteSettings(directory(), Synchronous.FULL, Duration.ofMillis(1234), 2, 1 << 20,
				1, true);
		store(settings).putAll(List.of(entry(KEY, "a")));
		try (Connection connection = new Connections(settings).openForReading(file(MODEL))) {
			assertThat(query(connection, "PRAGMA synchronous")).isEqualTo("2");
			assertThat(query(connection, "PRAGMA busy_timeout")).isEqualTo("1234");
			assertThat(query(connection, "PRAGMA mmap_size")).isEqualTo("1048576");
			assertThat(query(connection, "PRAGMA wal_autocheckpoint")).isEqualTo("8192");
		}
	}

	@Test
	void settingsAreChecked() {
		Path directory = directory();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SqliteSettings(directory, Synchronous.FULL, Duration.ofMillis(-1), 1, 0, 1, true));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SqliteSettings(directory, Synchronous.FULL, Duration.ZERO, 0, 0, 1, true));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SqliteSettings(directory, Synchronous.FULL, Duration.ZERO, 1, -1, 1, true));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SqliteSettings(directory, Synchronous.FULL, Duration.ZERO, 1, 0, 0, true));
		assertThat(SqliteSettings.of(Path.of("relative")).directory()).isAbsolute();
	}

	@Test
	void theRequestIsKeptWithTheEntry() throws Exception {
		CacheStore store = store();
		CacheEntry first = new CacheEntry(KEY, "", List.of(response("a")), null, TestEntries.request("{\"a\":1}"));
		CacheEntry second = new CacheEntry(key(MODEL, 2), "n", List.of(response("a")), null,
				TestEntries.request("{\"a\":2}"));
		store.putAll(List.of(first, second));
		store.appendAll(List.of(first));
		assertThat(query("SELECT count(*) FROM entry WHERE length(request) > 0 AND length(parameters_hash) = 8"
				+ " AND length(message_hashes) = 16"))
			.isEqualTo("2");
		store.putAll(List.of(entry(KEY, "b")));
		assertThat(query("SELECT count(request) FROM entry")).isEqualTo("1");
		store.deleteNamespace("n");
		assertThat(query("SELECT count(*) || ' ' || count(request) FROM entry")).isEqualTo("1 0");
	}

	@Test
	void requestsAreOptional() throws Exception {
		SqliteSettings settings = SqliteSettings.of(directory());
		try (SqliteCacheStore store = store(new SqliteSettings(settings.directory(), settings.synchronous(),
				settings.busyTimeout(), settings.readers(), settings.mmapSize(), settings.maxOpenFiles(), false))) {
			store.putAll(List.of(new CacheEntry(KEY, "", List.of(response("a")), null, TestEntries.request("{}"))));
			assertThat(query("SELECT count(*) || ' ' || count(request) FROM entry")).isEqualTo("1 0");
		}
	}

	@Test
	void appendAddsUp() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		store.appendAll(List.of(entry(KEY, "b")));
		assertThat(query("SELECT samples || ' ' || cost_nanos || ' ' || input_tokens FROM entry"))
			.isEqualTo("2 8000 40");
	}

	@Test
	void anotherFormatIsUnreadableAndReplacedByAppend() throws Exception {
		assertUnreadable("UPDATE entry SET payload = CAST(x'01' || substr(payload, 2) AS BLOB)");
	}

	@Test
	void aDamagedPayloadIsUnreadableAndReplacedByAppend() throws Exception {
		assertUnreadable(
				"UPDATE entry SET payload = CAST(substr(payload, 1, 20) || x'00' || substr(payload, 22) AS BLOB)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "payload = NULL", "payload = 'text'", "payload = x''", "payload = zeroblob(100)",
			"payload = 1" })
	void whatNoColumnShouldHoldIsUnreadable(String assignment) throws Exception {
		store().putAll(List.of(entry(KEY, "a")));
		// A table with the same name that accepts everything
		execute("CREATE TABLE loose AS SELECT * FROM entry", "DROP TABLE entry", "ALTER TABLE loose RENAME TO entry",
				"UPDATE entry SET " + assignment);
		CacheStore store = store();
		assertUnreadable(store.get(KEY));
		assertUnreadable(store.getAll(List.of(KEY, key(MODEL, 2))).get(KEY));
		assertUnreadableByScan(store);
	}

	@ParameterizedTest
	@ValueSource(strings = { "key = x'00'", "key = NULL", "key = 'text'", "request = x'00'", "request = 'text'",
			"parameters_hash = NULL", "parameters_hash = x'00'", "message_hashes = x'00'", "payload = 1" })
	void whatNoColumnShouldHoldIsUnreadableByAScan(String assignment) throws Exception {
		store().putAll(List.of(new CacheEntry(KEY, "", List.of(response("a")), null, TestEntries.request("{}"))));
		execute("CREATE TABLE loose AS SELECT * FROM entry", "DROP TABLE entry", "ALTER TABLE loose RENAME TO entry",
				"UPDATE entry SET " + assignment);
		assertUnreadableByScan(store());
	}

	private static void assertUnreadableByScan(CacheStore store) {
		List<StoredEntry> entries = new ArrayList<>();
		store.scan(null, entries::add);
		assertThat(entries).singleElement().satisfies(SqliteCacheStoreTests::assertUnreadable);
	}

	private void assertUnreadable(String damage) throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a"), entry(key(MODEL, 2), "b")));
		execute(damage + " WHERE key = x'" + KEY.hex() + "'");
		assertUnreadable(store.get(KEY));
		assertUnreadable(store.getAll(List.of(KEY, key(MODEL, 2))).get(KEY));
		assertThat(bodies(read(store, key(MODEL, 2)))).containsExactly("b");
		store.appendAll(List.of(entry(KEY, "c")));
		assertThat(bodies(read(store, KEY))).containsExactly("c");
	}

	private static void assertUnreadable(@Nullable StoredEntry entry) {
		StoredEntry found = Objects.requireNonNull(entry);
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read);
	}

	@Test
	void aFileOfVersion1IsMigrated() throws Exception {
		Files.createDirectory(directory());
		try (Connection connection = connect()) {
			Flyway.configure()
				.dataSource(new SingleConnectionDataSource(connection, true))
				.locations("classpath:" + SchemaMigration.LOCATION)
				.table(Schema.HISTORY_TABLE)
				.target("1")
				.load()
				.migrate();
		}
		execute("INSERT INTO entry (fingerprint, key, namespace, format, created_at, samples, input_tokens,"
				+ " output_tokens, finish_reason, payload) VALUES (1, x'00', '', 1, 0, 1, 0, 0, 'STOP', x'00')");
		CacheStore store = store();
		assertThat(store.get(KEY)).isNull();
		store.putAll(List.of(entry(KEY, "a")));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
		assertThat(store.size()).extracting(StoreSize::entries).containsExactly(1L);
		assertThat(query("PRAGMA integrity_check")).isEqualTo("ok");
	}

	@Test
	void aNewerFileIsRefusedAndLeftAlone() throws Exception {
		try (CacheStore store = store()) {
			store.putAll(List.of(entry(KEY, "a")));
		}
		execute("INSERT INTO llmcache_schema_history SELECT 3, '3', 'x', type, script, checksum, installed_by, "
				+ "installed_on, execution_time, success FROM llmcache_schema_history WHERE version = '2'");
		byte[] before = Files.readAllBytes(file(MODEL));
		CacheStore store = store();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.get(KEY))
				.withMessageContaining("newer version of llmcache")
				.withMessageContaining("Upgrade llmcache")
				.withMessageContaining("llmcache.directory");
			assertThatExceptionOfType(CacheStoreException.class)
				.isThrownBy(() -> store.putAll(List.of(entry(KEY, "b"))))
				.withMessageContaining("newer version of llmcache");
		}
		store.close();
		assertThat(Files.readAllBytes(file(MODEL))).isEqualTo(before);
		execute("DELETE FROM llmcache_schema_history WHERE version = '3'");
		assertThat(read(store(), KEY)).isEqualTo(entry(KEY, "a"));
	}

	@Test
	void aForeignDatabaseIsRefusedAndLeftAlone() throws Exception {
		Files.createDirectory(directory());
		execute("CREATE TABLE precious (a)");
		byte[] before = Files.readAllBytes(file(MODEL));
		CacheStore store = store();
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.get(KEY))
			.withMessageContaining("something else")
			.withMessageContaining(file(MODEL).toString());
		assertThat(store.size()).isEmpty();
		assertThat(Files.readAllBytes(file(MODEL))).isEqualTo(before);
	}

	@Test
	void filesOfOthersAreNotCounted() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		Files.copy(file(MODEL), directory().resolve("copy.sqlite"));
		Files.copy(file(MODEL), file("renamed"));
		Files.writeString(file("garbage"), "garbage".repeat(1000));
		Files.createFile(file("empty"));
		Files.createDirectory(directory().resolve("directory.sqlite"));
		assertThat(store.size()).extracting(StoreSize::model).containsExactly(MODEL);
		List<StoredEntry> scanned = new ArrayList<>();
		store.scan(null, scanned::add);
		assertThat(scanned).hasSize(1);
		assertThat(store.deleteNamespace("")).isEqualTo(1);
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.get(key("renamed", 1)))
			.withMessageContaining("another model");
	}

	@Test
	void garbageIsReportedUntilItIsMovedAway() throws Exception {
		Files.createDirectory(directory());
		Files.writeString(file(MODEL), "secret garbage".repeat(1000));
		CacheStore store = store();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.get(KEY))
				.withMessageContaining(file(MODEL).toString())
				.withMessageContaining("Move it")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
		}
		Files.delete(file(MODEL));
		assertThat(store.get(KEY)).isNull();
		store.putAll(List.of(entry(KEY, "a")));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
	}

	@Test
	void damageInTheMiddleIsReported() throws Exception {
		try (CacheStore store = store()) {
			store.putAll(Stream.iterate(0, (i) -> i + 1)
				.limit(5000)
				.map((i) -> entry(key(MODEL, i), "some text " + i))
				.toList());
		}
		byte[] bytes = Files.readAllBytes(file(MODEL));
		Arrays.fill(bytes, Schema.PAGE_SIZE, bytes.length, (byte) 0xFF);
		Files.write(file(MODEL), bytes);
		CacheStore store = store();
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.get(KEY))
			.withMessageContaining("damaged")
			.withMessageContaining("Move it");
	}

	@Test
	void aLockThatIsHeldTooLongIsReported() throws Exception {
		SqliteSettings defaults = SqliteSettings.of(directory());
		try (SqliteCacheStore store = store(
				new SqliteSettings(directory(), defaults.synchronous(), Duration.ofMillis(50), 1, 0, 1, true));
				CacheStore other = store()) {
			other.putAll(List.of(entry(KEY, "a")));
			try (Connection connection = connect(); Statement statement = connection.createStatement()) {
				statement.execute("BEGIN IMMEDIATE");
				assertThatExceptionOfType(CacheStoreException.class)
					.isThrownBy(() -> store.putAll(List.of(entry(KEY, "b"))))
					.withMessageContaining("llmcache.sqlite.busy-timeout (50 ms)");
				assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
				statement.execute("ROLLBACK");
			}
			store.putAll(List.of(entry(KEY, "b")));
			assertThat(read(store, KEY)).isEqualTo(entry(KEY, "b"));
		}
	}

	@Test
	void aDirectoryThatCannotBeCreatedIsReported() throws Exception {
		Files.createFile(directory());
		CacheStore store = store();
		assertThat(store.size()).isEmpty();
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.putAll(List.of(entry(KEY, "a"))))
			.withMessageContaining(file(MODEL).toString());
		Files.delete(directory());
		store.putAll(List.of(entry(KEY, "a")));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void aFileThatIsDeletedWhileOpenIsCreatedAnew() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		deleteFiles();
		Awaitility.await().ignoreException(CacheStoreException.class).until(() -> store.get(KEY) == null);
		store.putAll(List.of(entry(KEY, "b")));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "b"));
		deleteFiles();
		store.putAll(List.of(entry(KEY, "c")));
		store.close();
		assertThat(read(store(), KEY)).isEqualTo(entry(KEY, "c"));
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void aFileThatIsReplacedWhileOpenIsRead() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		store.close();
		Path backup = Files.copy(file(MODEL), this.temp.resolve("backup"));
		CacheStore second = store();
		second.putAll(List.of(entry(KEY, "b")));
		deleteFiles();
		Files.move(backup, file(MODEL), StandardCopyOption.ATOMIC_MOVE);
		Awaitility.await()
			.ignoreException(CacheStoreException.class)
			.untilAsserted(() -> assertThat(read(second, KEY)).isEqualTo(entry(KEY, "a")));
	}

	private void deleteFiles() throws IOException {
		try (Stream<Path> files = Files.list(directory())) {
			for (Path file : files.toList()) {
				Files.delete(file);
			}
		}
	}

	@Test
	void onlySoManyFilesAreKeptOpen() throws Exception {
		SqliteSettings defaults = SqliteSettings.of(directory());
		try (SqliteCacheStore store = store(
				new SqliteSettings(directory(), defaults.synchronous(), defaults.busyTimeout(), 2, 0, 3, true))) {
			for (int i = 0; i < 10; i++) {
				store.putAll(List.of(entry(key("model-" + i, 1), "a")));
				assertThat(store.get(key("model-0", 1))).isNotNull();
			}
			assertThat(openFiles()).containsExactlyInAnyOrder("model-0", "model-8", "model-9");
			for (int i = 0; i < 10; i++) {
				assertThat(read(store, key("model-" + i, 1))).isEqualTo(entry(key("model-" + i, 1), "a"));
			}
			assertThat(openFiles()).containsExactlyInAnyOrder("model-7", "model-8", "model-9");
		}
		assertThat(openFiles()).isEmpty();
	}

	@Test
	void manyThreadsMayUseMoreModelsThanAreKeptOpen() throws Exception {
		SqliteSettings defaults = SqliteSettings.of(directory());
		try (SqliteCacheStore store = store(
				new SqliteSettings(directory(), defaults.synchronous(), defaults.busyTimeout(), 1, 0, 2, true))) {
			concurrently(8, (thread) -> {
				for (int i = 0; i < 12; i++) {
					CacheKey key = key("model-" + (thread + i) % 6, thread + "/" + i);
					store.appendAll(List.of(entry(key, "a")));
					assertThat(read(store, key)).isEqualTo(entry(key, "a"));
				}
				return thread;
			});
			assertThat(openFiles()).hasSizeLessThanOrEqualTo(2);
		}
		assertThat(openFiles()).isEmpty();
	}

	/**
	 * Return the slugs of the files that are open: as long as they are, they have a
	 * write-ahead log.
	 */
	private List<String> openFiles() throws IOException {
		try (Stream<Path> files = Files.list(directory())) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith("-wal"))
				.map((name) -> name.substring(0, name.lastIndexOf('-', name.length() - 5)))
				.toList();
		}
	}

	@Test
	void aDeletedModelGivesItsSpaceBack() throws Exception {
		CacheStore store = store();
		List<CacheEntry> entries = Stream.iterate(0, (i) -> i + 1).limit(2000).map((i) -> {
			byte[] body = new byte[2000];
			new Random(i).nextBytes(body);
			return new CacheEntry(key(MODEL, i), "", List.of(response(body)), null, null);
		}).toList();
		store.putAll(entries);
		CacheStore other = store();
		assertThat(other.get(KEY)).isNotNull();
		assertThat(other.deleteModel(MODEL)).isEqualTo(2000);
		assertThat(store.get(KEY)).isNull();
		assertThat(query("PRAGMA freelist_count")).isEqualTo("0");
		store.close();
		other.close();
		assertThat(Files.size(file(MODEL))).isLessThan(20L * Schema.PAGE_SIZE);
	}

	@Test
	void manyThreadsMayCreateOneFile() throws Exception {
		for (int round = 0; round < 3; round++) {
			String model = "model-" + round;
			concurrently(8, (thread) -> {
				CacheStore store = createStore();
				try (store) {
					store.appendAll(List.of(entry(key(model, 1), "thread " + thread)));
				}
				return thread;
			});
			assertThat(bodies(read(store(), key(model, 1)))).hasSize(8);
		}
	}

	private Connection connect() throws SQLException {
		return new SQLiteConfig().createConnection("jdbc:sqlite:" + file(MODEL));
	}

	private void execute(String... sql) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String each : sql) {
				statement.executeUpdate(each);
			}
		}
	}

	private String query(String sql) throws SQLException {
		try (Connection connection = connect()) {
			return query(connection, sql);
		}
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet resultSet = statement.executeQuery(sql)) {
			resultSet.next();
			return resultSet.getString(1);
		}
	}

}
