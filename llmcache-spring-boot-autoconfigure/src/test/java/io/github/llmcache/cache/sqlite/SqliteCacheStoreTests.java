package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStoreContractTests;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.EntryDetails.Facts;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.StoreStatus;
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

	/**
	 * Longer than a commit takes, so that there is always a reader of what was before.
	 */
	private static final long READING_NANOS = 20_000_000;

	private static final CacheKey KEY = key(MODEL, 1);

	private static final LocalDate DAY = LocalDate.of(2026, 1, 2);

	private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

	private static final ModelStatistics HITS = new ModelStatistics(1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0);

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
		store.amount(MODEL);
		store.touch(Map.of(KEY, LATER));
		store.inspect(null, (details) -> {
		});
		store.reclaim(MODEL);
		assertThat(store.problems()).isEmpty();
		store.statistics();
		store.addStatistics(List.of(new DailyStatistics(MODEL, DAY, HITS)));
		StoreStatus status = store.status();
		assertThat(status.version()).matches("SQLite 3\\.[0-9.]+, schema 4");
		assertThat(status.freeBytes()).isPositive();
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
			assertThat(files).hasSize(4).allSatisfy((file) -> assertThat(permissions(file)).isEqualTo("rw-------"));
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
		assertThat(query("SELECT count(*) FROM llmcache_schema_history")).isEqualTo("4");
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
			assertThat(query(connection, "PRAGMA wal_autocheckpoint")).isEqualTo("2048");
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
		assertThat(query("SELECT count(*) FROM entry JOIN entry_details ON entry = id"
				+ " WHERE length(request) > 0 AND length(hashes) = 8 + 32 + 16"))
			.isEqualTo("2");
		store.putAll(List.of(entry(KEY, "b")));
		assertThat(query("SELECT count(request) FROM entry")).isEqualTo("1");
		assertThat(query("SELECT count(hashes) FROM entry_details")).isEqualTo("1");
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
		assertThat(query("SELECT samples || ' ' || entry.cost_nanos || ' ' || entry_details.cost_nanos"
				+ " FROM entry JOIN entry_details ON entry = id"))
			.isEqualTo("2 8000 8000");
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
		loosen("entry", assignment);
		CacheStore store = store();
		assertUnreadable(store.get(KEY));
		assertUnreadable(store.getAll(List.of(KEY, key(MODEL, 2))).get(KEY));
		assertUnreadableByScan(store);
	}

	@ParameterizedTest
	@ValueSource(strings = { "key = x'00'", "key = NULL", "key = 'text'", "request = x'00'", "request = 'text'",
			"payload = 1" })
	void whatNoColumnShouldHoldIsUnreadableByAScan(String assignment) throws Exception {
		store().putAll(List.of(new CacheEntry(KEY, "", List.of(response("a")), null, TestEntries.request("{}"))));
		loosen("entry", assignment);
		assertUnreadableByScan(store());
	}

	@ParameterizedTest
	@ValueSource(strings = { "hashes = NULL", "hashes = x''", "hashes = x'00'", "hashes = zeroblob(41)",
			"hashes = 'text'", "entry = 42" })
	void aRequestWithoutItsHashesIsUnreadable(String assignment) throws Exception {
		store().putAll(List.of(new CacheEntry(KEY, "", List.of(response("a")), null, TestEntries.request("{}"))));
		loosen("entry_details", assignment);
		CacheStore store = store();
		assertUnreadableByScan(store);
		assertUnreadable(store.getWithRequest(KEY));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
	}

	/**
	 * Let a table accept everything, for this once.
	 */
	private void loosen(String table, String assignment) throws SQLException {
		String schema = "PRAGMA writable_schema = ";
		String where = " WHERE name = '" + table + "'";
		execute(schema + "ON", "CREATE TEMP TABLE strict AS SELECT sql FROM sqlite_schema" + where,
				"UPDATE sqlite_schema SET sql = replace(replace(sql, ') STRICT', ')'), ' NOT NULL', '')" + where,
				schema + "RESET", "UPDATE " + table + " SET " + assignment, schema + "ON",
				"UPDATE sqlite_schema SET sql = (SELECT sql FROM strict)" + where, schema + "RESET");
	}

	@ParameterizedTest
	@ValueSource(strings = { "key = NULL", "key = x''", "key = zeroblob(33)", "namespace = NULL", "namespace = '\\x'",
			"namespace = x'FF'", "finish_reason = NULL", "finish_reason = '\\'", "samples = 'many'", "created_at = 'x'",
			"created_at = 9223372036854775807", "expires_at = 'x'", "newest_at = NULL",
			"newest_at = -9223372036854775808", "bytes = NULL", "cost_nanos = 'x'", "fingerprint = x'00'",
			"hashes = 'text'" })
	void whatNoColumnShouldHoldHarmsNoInspection(String assignment) throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a"), entry(key(MODEL, 2), "b")));
		loosen("entry_details", assignment + " WHERE key = x'" + KEY.hex() + "'");
		List<CacheKey> undamaged = new ArrayList<>();
		store.inspect(null, (details) -> {
			details.bytes();
			details.lastUsed();
			details.facts();
			details.hashes();
			undamaged.add(details.key());
		});
		assertThat(undamaged).contains(key(MODEL, 2));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
		assertThat(store.deleteModel(MODEL)).isEqualTo(2);
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
		createFile("1");
		execute("INSERT INTO entry (fingerprint, key, namespace, format, created_at, samples, input_tokens,"
				+ " output_tokens, finish_reason, payload) VALUES (1, x'00', '', 1, 0, 1, 0, 0, 'STOP', x'00')");
		CacheStore store = store();
		assertThat(store.get(KEY)).isNull();
		store.putAll(List.of(entry(KEY, "a")));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
		assertThat(store.size()).extracting(StoreSize::entries).containsExactly(1L);
		assertThat(query("PRAGMA integrity_check")).isEqualTo("ok");
	}

	private void createFile(String version) throws Exception {
		Files.createDirectory(directory());
		execute("PRAGMA auto_vacuum = INCREMENTAL", "PRAGMA journal_mode = WAL");
		try (Connection connection = connect()) {
			Flyway.configure()
				.dataSource(new SingleConnectionDataSource(connection, true))
				.locations("classpath:" + SchemaMigration.LOCATION)
				.table(Schema.HISTORY_TABLE)
				.target(version)
				.load()
				.migrate();
		}
		execute("INSERT INTO metadata VALUES ('model', '" + MODEL + "')");
	}

	/**
	 * Insert an entry as version 2 had it.
	 */
	private void insertVersion2(CacheEntry entry) throws SQLException {
		RequestRecord request = entry.request();
		CachedResponse first = entry.responses().get(0);
		try (Connection connection = connect();
				PreparedStatement insert = connection
					.prepareStatement("INSERT INTO entry (fingerprint, key, namespace, created_at, expires_at, samples,"
							+ " cost_nanos, input_tokens, output_tokens, finish_reason, payload, parameters_hash,"
							+ " message_hashes, request) VALUES (?, ?, ?, ?, ?, 1, 4000, 20, 30, 'STOP', ?, ?, ?, ?)")) {
			insert.setLong(1, entry.key().fingerprint());
			insert.setBytes(2, entry.key().toBytes());
			insert.setString(3, entry.namespace());
			insert.setLong(4, first.createdAt().toEpochMilli());
			insert.setObject(5, (entry.expiresAt() != null) ? entry.expiresAt().toEpochMilli() : null);
			insert.setBytes(6, this.codec.encode(entry, null));
			insert.setBytes(7, (request != null) ? request.hashes().parameters() : null);
			insert.setBytes(8, (request != null) ? request.hashes().messages() : null);
			insert.setBytes(9, (request != null) ? this.codec.compress(request.json(), null) : null);
			insert.executeUpdate();
		}
	}

	@Test
	void entriesOfVersion2SurviveTheMigration() throws Exception {
		RequestHashes hashes = new RequestHashes(new byte[] { 0, -1, 2, 3, 4, 5, 6, 7 },
				new byte[] { 8, 0, 0, 0, -61, 40, 39, 0 }, new byte[RequestHashes.SKETCH_LENGTH]);
		CacheEntry with = new CacheEntry(KEY, "n", List.of(response("a")), Instant.parse("2100-01-01T00:00:00.001Z"),
				new RequestRecord(hashes, "{}".getBytes(StandardCharsets.UTF_8)));
		CacheEntry without = entry(key(MODEL, 2), "b".repeat(20_000));
		createFile("2");
		insertVersion2(with);
		insertVersion2(without);
		CacheStore store = store();
		assertThat(store.amount(MODEL).entries()).isEqualTo(2L);
		assertThat(store.statistics()).isEmpty();
		Map<CacheKey, Facts> facts = new HashMap<>();
		Map<CacheKey, Optional<RequestHashes>> allHashes = new HashMap<>();
		store.inspect(null, (details) -> {
			facts.put(details.key(), Objects.requireNonNull(details.facts()));
			allHashes.put(details.key(), Optional.ofNullable(details.hashes()));
			assertThat(details.lastUsed()).isEqualTo(TestEntries.CREATED_AT);
			assertThat(details.bytes()).isGreaterThan(200);
		});
		assertThat(facts).containsOnly(
				Map.entry(KEY, new Facts("n", TestEntries.CREATED_AT, with.expiresAt(), 1, 4000L, "STOP")),
				Map.entry(key(MODEL, 2), new Facts("", TestEntries.CREATED_AT, null, 1, 4000L, "STOP")));
		assertThat(allHashes).containsOnly(Map.entry(KEY, Optional.of(hashes)),
				Map.entry(key(MODEL, 2), Optional.empty()));
		assertThat(Objects.requireNonNull(store.getWithRequest(KEY)).read()).isEqualTo(with);
		assertThat(read(store, key(MODEL, 2))).isEqualTo(without);
		store.appendAll(List.of(entry(key(MODEL, 2), "c")));
		assertThat(store.deleteNamespace("n")).isEqualTo(1);
		assertThat(store.get(KEY)).isNull();
		assertThat(query("PRAGMA integrity_check")).isEqualTo("ok");
		assertThat(query("SELECT group_concat(name) FROM sqlite_schema WHERE name LIKE '%\\_2' ESCAPE '\\'")).isNull();
	}

	@Test
	void whatVersion3CountedIsOfTheNamespaceWithoutAName() throws Exception {
		createFile("3");
		execute("INSERT INTO statistics VALUES ('" + DAY + "', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)");
		ModelStatistics counters = new ModelStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
		CacheStore store = store();
		assertThat(store.statistics()).containsExactly(new DailyStatistics("", MODEL, DAY, counters));
		store.addStatistics(
				List.of(new DailyStatistics("", MODEL, DAY, HITS), new DailyStatistics("n", MODEL, DAY, HITS)));
		assertThat(store.statistics()).containsExactlyInAnyOrder(
				new DailyStatistics("", MODEL, DAY, counters.plus(HITS)), new DailyStatistics("n", MODEL, DAY, HITS));
		assertThat(query("PRAGMA integrity_check")).isEqualTo("ok");
		assertThat(query("SELECT group_concat(name) FROM sqlite_schema WHERE name LIKE '%\\_3' ESCAPE '\\'")).isNull();
	}

	@Test
	void aNamespaceIsDeletedFromAFileOfVersion2() throws Exception {
		createFile("2");
		insertVersion2(new CacheEntry(KEY, "n", List.of(response("a")), null, null));
		insertVersion2(entry(key(MODEL, 2), "b"));
		CacheStore store = store();
		assertThat(store.deleteNamespace("n")).isEqualTo(1);
		assertThat(store.get(KEY)).isNull();
		assertThat(read(store, key(MODEL, 2))).isEqualTo(entry(key(MODEL, 2), "b"));
	}

	@Test
	void aNewerFileIsRefusedAndLeftAlone() throws Exception {
		try (CacheStore store = store()) {
			store.putAll(List.of(entry(KEY, "a")));
		}
		execute("INSERT INTO llmcache_schema_history SELECT 5, '5', 'x', type, script, checksum, installed_by, "
				+ "installed_on, execution_time, success FROM llmcache_schema_history WHERE version = '4'");
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
			assertThatExceptionOfType(CacheStoreException.class)
				.isThrownBy(() -> store.addStatistics(List.of(spent(MODEL, 1))))
				.withMessageContaining("newer version of llmcache");
			assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.touch(Map.of(KEY, LATER)))
				.withMessageContaining("newer version of llmcache");
			assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.reclaim(MODEL))
				.withMessageContaining("newer version of llmcache");
			assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.inspect(MODEL, (details) -> {
			})).withMessageContaining("newer version of llmcache");
		}
		assertThat(store.status().readFailure()).isNull();
		store.close();
		assertThat(Files.readAllBytes(file(MODEL))).isEqualTo(before);
		execute("DELETE FROM llmcache_schema_history WHERE version = '5'");
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
		store.putAll(randomEntries(2000));
		CacheStore other = store();
		assertThat(other.get(KEY)).isNotNull();
		assertThat(other.deleteModel(MODEL)).isEqualTo(2000);
		assertThat(store.get(KEY)).isNull();
		other.reclaim(MODEL);
		assertThat(query("PRAGMA freelist_count")).isEqualTo("0");
		store.close();
		other.close();
		assertThat(Files.size(file(MODEL))).isLessThan(20L * Schema.PAGE_SIZE);
	}

	@Test
	void aFileShrinksWhileOthersReadAndWrite() throws Exception {
		CacheStore store = store();
		List<CacheEntry> entries = randomEntries(4000);
		store.putAll(entries);
		List<CacheKey> kept = entries.subList(3900, 4000).stream().map(CacheEntry::key).toList();
		long before = Files.size(file(MODEL)) + Files.size(log());
		AtomicBoolean ended = new AtomicBoolean();
		AtomicInteger written = new AtomicInteger();
		concurrently(3, (thread) -> {
			if (thread == 0) {
				try {
					store.deleteAll(entries.subList(0, 3900).stream().map(CacheEntry::key).toList());
					store.reclaim(MODEL);
				}
				finally {
					ended.set(true);
				}
			}
			else {
				do {
					assertThat(store.getAll(kept)).hasSize(100);
					if (thread == 1) {
						store.putAll(List.of(entry(key(MODEL, "new " + written.incrementAndGet()), "a")));
					}
				}
				while (!ended.get());
			}
			return thread;
		});
		assertThat(query("SELECT count(*) FROM entry")).isEqualTo(String.valueOf(100 + written.get()));
		assertThat(query("SELECT count(*) FROM entry_details")).isEqualTo(String.valueOf(100 + written.get()));
		store.reclaim(MODEL);
		assertThat(Files.size(file(MODEL))).isLessThan(before / 5);
		assertThat(log()).isEmptyFile();
		assertThat(query("PRAGMA integrity_check")).isEqualTo("ok");
		for (CacheEntry entry : entries.subList(3900, 4000)) {
			assertThat(read(store, entry.key())).isEqualTo(entry);
		}
	}

	@Test
	void reclaimingDoesNotWaitForAReader() throws Exception {
		CacheStore store = store();
		List<CacheEntry> entries = randomEntries(1000);
		store.putAll(entries);
		store.reclaim(MODEL);
		long before = Files.size(file(MODEL));
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute("BEGIN");
			assertThat(query(connection, "SELECT count(*) FROM entry")).isEqualTo("1000");
			store.deleteAll(entries.subList(0, 900).stream().map(CacheEntry::key).toList());
			store.reclaim(MODEL);
			assertThat(query(connection, "SELECT count(*) FROM entry")).isEqualTo("1000");
			statement.execute("ROLLBACK");
		}
		store.reclaim(MODEL);
		assertThat(Files.size(file(MODEL))).isLessThan(before / 2);
		assertThat(log()).isEmptyFile();
	}

	@Test
	void whatIsDeletedLeavesNothingBehind() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a"), entry(key(MODEL, 2), "b")));
		store.touch(Map.of(KEY, LATER, key(MODEL, 2), LATER));
		assertThat(query("SELECT count(*) FROM entry_use")).isEqualTo("2");
		store.deleteAll(List.of(KEY, KEY));
		assertThat(query("SELECT count(*) FROM entry_details")).isEqualTo("1");
		assertThat(query("SELECT count(*) FROM entry_use")).isEqualTo("1");
		execute("DELETE FROM entry");
		assertThat(query("SELECT count(*) FROM entry_details")).isEqualTo("0");
		assertThat(query("SELECT count(*) FROM entry_use")).isEqualTo("0");
	}

	@Test
	void anyTimeOfUseIsKeptAsFarAsItCanBe() {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		store.touch(Map.of(KEY, Instant.MIN));
		store.inspect(null, (details) -> assertThat(details.lastUsed()).isEqualTo(TestEntries.CREATED_AT));
		store.touch(Map.of(KEY, Instant.MAX));
		store.inspect(null,
				(details) -> assertThat(details.lastUsed()).isEqualTo(Instant.ofEpochMilli(Long.MAX_VALUE)));
	}

	@Test
	void whatCostsNothingIsNotWorthAFile() {
		CacheStore store = store();
		store.addStatistics(List.of(new DailyStatistics("hits", DAY, HITS), spent("spent", 1),
				new DailyStatistics("unpriced", DAY, new ModelStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)),
				new DailyStatistics("written", DAY, new ModelStatistics(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))));
		assertThat(store.statistics()).extracting(DailyStatistics::model)
			.containsExactlyInAnyOrder("spent", "unpriced", "written");
		assertThat(file("hits")).doesNotExist();
	}

	@Test
	void sumsDoNotOverflow() {
		CacheStore store = store();
		store.addStatistics(List.of(spent(MODEL, Long.MAX_VALUE - 1), spent(MODEL, 1)));
		assertThat(store.statistics()).containsExactly(spent(MODEL, Long.MAX_VALUE));
		store.addStatistics(List.of(spent(MODEL, Long.MAX_VALUE)));
		assertThat(store.statistics()).containsExactly(spent(MODEL, Long.MAX_VALUE));
	}

	@Test
	void aDayThatIsNoneIsNotCounted() throws Exception {
		CacheStore store = store();
		store.addStatistics(List.of(spent(MODEL, 1)));
		execute("INSERT INTO statistics SELECT '', 'yesterday', hits, misses, stale, writes, errors, coalesced, spent_nanos,"
				+ " saved_nanos, saved_tokens, unpriced_calls, input_tokens, output_tokens, evictions,"
				+ " expirations FROM statistics");
		assertThat(store.statistics()).containsExactly(spent(MODEL, 1));
	}

	@Test
	void statisticsOfOneModelFailAlone() throws Exception {
		CacheStore store = store();
		store.addStatistics(List.of(spent(MODEL, 1)));
		Files.writeString(file("garbage"), "garbage".repeat(1000));
		assertThatExceptionOfType(CacheStoreException.class)
			.isThrownBy(() -> store.addStatistics(List.of(spent("garbage", 1), spent(MODEL, 2))))
			.withMessageContaining(file("garbage").toString());
		assertThat(store.statistics()).containsExactly(spent(MODEL, 3));
	}

	@Test
	void statusTellsWhatIsWrong() throws Exception {
		SqliteSettings defaults = SqliteSettings.of(directory());
		Files.createFile(directory());
		try (SqliteCacheStore store = store(
				new SqliteSettings(directory(), defaults.synchronous(), Duration.ofMillis(50), 1, 0, 1, true))) {
			assertThat(store.status().readFailure()).contains(directory().toString());
			assertThat(store.status().writeFailure()).contains("llmcache.directory");
			Files.delete(directory());
			assertThat(store.status().writeFailure()).isNull();
			store.putAll(List.of(entry(KEY, "a")));
			try (Connection connection = connect(); Statement statement = connection.createStatement()) {
				statement.execute("BEGIN IMMEDIATE");
				assertThat(store.status().readFailure()).isNull();
				assertThat(store.status().writeFailure()).contains("llmcache.sqlite.busy-timeout (50 ms)");
				statement.execute("ROLLBACK");
			}
			assertThat(store.status().writeFailure()).isNull();
			assertThat(store.status().version()).startsWith("SQLite 3.");
			assertThat(store.status().freeBytes()).isPositive();
		}
		try (CacheStore store = store()) {
			store.putAll(List.of(entry(KEY, "a")));
		}
		byte[] bytes = Files.readAllBytes(file(MODEL));
		Arrays.fill(bytes, Schema.PAGE_SIZE, bytes.length, (byte) 0xFF);
		Files.write(file(MODEL), bytes);
		assertThat(store().status().readFailure()).contains("damaged");
		assertThat(store().status().writeFailure()).contains("damaged");
	}

	@Test
	void theLogIsBoundedWhileSomebodyAlwaysReads() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		AtomicBoolean ended = new AtomicBoolean();
		CompletableFuture<Void> readers = CompletableFuture.runAsync(() -> readWithoutAPause(ended));
		long largest = 0;
		byte[] body = new byte[1 << 20];
		for (int i = 0; i < 250; i++) {
			new Random(i).nextBytes(body);
			store.putAll(List.of(new CacheEntry(key(MODEL, 1), "", List.of(response(body)), null, null)));
			largest = Math.max(largest, Files.size(log()));
		}
		ended.set(true);
		readers.join();
		assertThat(largest).isLessThan(150L << 20);
	}

	/**
	 * Begin to read before the one who reads has ended, again and again.
	 */
	private void readWithoutAPause(AtomicBoolean ended) {
		try (Connection first = connect(); Connection second = connect()) {
			first.setAutoCommit(false);
			second.setAutoCommit(false);
			query(first, "SELECT count(*) FROM entry");
			while (!ended.get()) {
				query(second, "SELECT count(*) FROM entry");
				first.rollback();
				LockSupport.parkNanos(READING_NANOS);
				query(first, "SELECT count(*) FROM entry");
				second.rollback();
				LockSupport.parkNanos(READING_NANOS);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static DailyStatistics spent(String model, long nanos) {
		return new DailyStatistics(model, DAY, new ModelStatistics(0, 0, 0, 0, 0, 0, nanos, 0, 0, 0, 0, 0, 0, 0));
	}

	private Path log() {
		return directory().resolve(DatabaseNames.of(MODEL) + "-wal");
	}

	private static List<CacheEntry> randomEntries(int count) {
		return Stream.iterate(0, (i) -> i + 1).limit(count).map((i) -> {
			byte[] body = new byte[2000];
			new Random(i).nextBytes(body);
			return new CacheEntry(key(MODEL, i), "", List.of(response(body)), null, null);
		}).toList();
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
