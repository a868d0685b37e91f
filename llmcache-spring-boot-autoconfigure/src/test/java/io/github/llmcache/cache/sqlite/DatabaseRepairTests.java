package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.EntryCodec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConfig;

import static io.github.llmcache.cache.TestEntries.bodies;
import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DatabaseRepair}, {@link DatabaseDiagnosis} and {@link EntryRescue}:
 * what is not to be moved, and what must not come of moving.
 */
class DatabaseRepairTests {

	private static final String MODEL = "model";

	private static final CacheKey FIRST = key(MODEL, 1);

	private static final CacheKey SECOND = key(MODEL, 2);

	private static final CacheKey THIRD = key(MODEL, 3);

	private static final CacheKey PROBE = key(MODEL, "probe");

	private final EntryCodec codec = new EntryCodec(1024 * 1024);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@BeforeEach
	void store() {
		try (CacheStore store = create()) {
			store.putAll(List.of(entry(FIRST, "old"), entry(SECOND, "b"), entry(THIRD, "c")));
			store.addStatistics(List.of(new DailyStatistics(MODEL, LocalDate.of(2026, 1, 2), counted(5))));
		}
	}

	@AfterEach
	void close() {
		this.codec.close();
	}

	@Test
	void aFileThatIsDamagedAgainGivesBackWhatItHadLast() throws Exception {
		damage();
		try (CacheStore store = create()) {
			awaitRescue(store, 1);
			assertThat(read(store, FIRST)).containsExactly("old");
			store.putAll(List.of(entry(FIRST, "new")));
			store.deleteAll(List.of(SECOND));
		}
		damage();
		try (CacheStore store = create()) {
			awaitRescue(store, 2);
			assertThat(read(store, FIRST)).containsExactly("new");
			assertThat(read(store, SECOND)).isEmpty();
			assertThat(read(store, THIRD)).containsExactly("c");
			assertThat(store.statistics()).singleElement()
				.satisfies((counted) -> assertThat(counted.counters().hits()).isEqualTo(5));
		}
	}

	@Test
	void whatIsNewerThanAFileThatWasDamagedEarlierIsRescuedBeforeIt() throws Exception {
		damage();
		try (CacheStore store = create()) {
			awaitRescue(store, 1);
			store.putAll(List.of(entry(FIRST, "new")));
		}
		execute("DELETE FROM metadata WHERE name LIKE 'rescue of %'");
		damage();
		try (CacheStore store = create()) {
			awaitRescue(store, 2);
			assertThat(read(store, FIRST)).startsWith("new");
		}
	}

	@Test
	void thereAreOnlySoManyFilesAside() throws Exception {
		for (int i = 0; i < DatabaseRepair.MAX_ASIDE; i++) {
			Files.writeString(aside("2026010%dT000000Z".formatted(i)), "no database");
		}
		damage();
		byte[] before = Files.readAllBytes(file());
		try (CacheStore store = create()) {
			assertThatExceptionOfType(CacheStoreException.class)
				.isThrownBy(() -> store.putAll(List.of(entry(PROBE, "x"))));
			awaitRepair();
		}
		assertThat(DamagedFiles.list(file())).hasSize(DatabaseRepair.MAX_ASIDE);
		assertThat(file()).hasBinaryContent(before);
	}

	@Test
	void whoCannotLockOthersOutMovesNothing() throws Exception {
		damage();
		Path lock = this.directory.resolve(DirectoryLock.FILE_NAME);
		Files.delete(lock);
		Files.createDirectory(lock);
		byte[] before = Files.readAllBytes(file());
		try (CacheStore store = create()) {
			assertThatExceptionOfType(CacheStoreException.class)
				.isThrownBy(() -> store.putAll(List.of(entry(PROBE, "x"))));
			awaitRepair();
		}
		assertThat(DamagedFiles.list(file())).isEmpty();
		assertThat(file()).hasBinaryContent(before);
	}

	@Test
	void aSoundFileIsNotDamaged() throws Exception {
		assertThat(isDamaged()).isFalse();
		leaveLog();
		assertThat(isDamaged()).isFalse();
		damage();
		assertThat(isDamaged()).isTrue();
	}

	@Test
	void aNewerFileKeepsItsLog() throws Exception {
		execute("UPDATE " + Schema.HISTORY_TABLE + " SET version = '99' WHERE version = '" + Schema.VERSION + "'");
		leaveLog();
		byte[] before = Files.readAllBytes(file());
		assertThat(isDamaged()).isFalse();
		assertThat(file()).hasBinaryContent(before);
		assertThat(log()).exists();
	}

	@Test
	void whatCannotBeReadIsNotDamaged() throws Exception {
		try (Connection other = loseLog()) {
			assertThat(isDamaged()).isFalse();
			assertThat(other.isClosed()).isFalse();
		}
		damage();
		assertThat(isDamaged()).isTrue();
	}

	@Test
	void whatCannotBeReadWhenItIsRescuedIsRescuedLater() throws Exception {
		Path aside = aside("20260102T030405Z");
		Files.move(file(), aside);
		SqliteSettings settings = SqliteSettings.of(this.directory);
		try (SqliteDatabases databases = new SqliteDatabases(settings, this.codec, null)) {
			try (Connection other = loseLog(aside)) {
				assertThatExceptionOfType(CacheStoreException.class).isThrownBy(rescue(databases, settings, aside)::run)
					.withMessageContaining("now");
				assertThat(other.isClosed()).isFalse();
			}
			Files.deleteIfExists(aside.resolveSibling(aside.getFileName() + "-wal"));
			rescue(databases, settings, aside).run();
		}
		try (CacheStore store = create()) {
			assertThat(read(store, FIRST)).containsExactly("old");
			assertThat(read(store, THIRD)).containsExactly("c");
		}
	}

	@Test
	void whatLacksItsEndIsRescuedUpToThere() throws Exception {
		try (CacheStore store = create()) {
			for (int i = 0; i < 50; i++) {
				store.putAll(List.of(entry(key(MODEL, "many " + i), noise(i))));
			}
		}
		try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
			channel.truncate(channel.size() - Schema.PAGE_SIZE);
		}
		try (CacheStore store = create()) {
			awaitRescue(store, 1);
			long rescued = 0;
			for (int i = 0; i < 50; i++) {
				List<String> read = read(store, key(MODEL, "many " + i));
				assertThat(read).isIn(List.of(), List.of(noise(i)));
				rescued += read.size();
			}
			assertThat(rescued).isBetween(40L, 50L);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 15, 16, 17, 19, 20, 21, 22, 23, 28, 30, 31, 47 })
	void whatHasADamagedHeaderIsRescued(int offset) throws Exception {
		flip(offset);
		try (CacheStore store = create()) {
			awaitRescue(store, 1);
			assertThat(read(store, FIRST)).containsExactly("old");
			assertThat(read(store, SECOND)).containsExactly("b");
			assertThat(read(store, THIRD)).containsExactly("c");
			assertThat(store.statistics()).hasSize(1);
		}
	}

	@Test
	void whatOthersHaveWrittenAnewIsRescuedAsItIs() throws Exception {
		Path copy = this.directory.resolve("copy");
		try (Connection connection = connect(file()); Statement statement = connection.createStatement()) {
			statement.execute("PRAGMA journal_mode = DELETE");
			statement.execute("PRAGMA page_size = 4096");
			statement.execute("VACUUM INTO '" + copy + "'");
		}
		Files.move(copy, file(), StandardCopyOption.REPLACE_EXISTING);
		damage();
		byte[] before = Files.readAllBytes(file());
		assertThat(before[16]).isEqualTo((byte) 0x10);
		try (CacheStore store = create()) {
			awaitRescue(store, 1);
			assertThat(read(store, FIRST)).containsExactly("old");
		}
		assertThat(DamagedFiles.list(file()).get(0)).hasBinaryContent(before);
	}

	@Test
	void anAlteredFileIsReadWhereNothingIsRepaired() throws Exception {
		execute("ALTER TABLE entry ADD COLUMN note TEXT");
		SqliteSettings settings = SqliteSettings.of(this.directory);
		try (CacheStore store = new SqliteCacheStore(settings, this.codec)) {
			assertThat(read(store, FIRST)).containsExactly("old");
		}
		assertThat(DamagedFiles.list(file())).isEmpty();
	}

	@Test
	void whatIsNoDatabaseIsMovedAsItIs() throws Exception {
		byte[] letter = "Dear reader, ".repeat(5000).getBytes(StandardCharsets.UTF_8);
		Files.write(file(), letter);
		try (CacheStore store = create()) {
			awaitRescue(store, 1);
		}
		assertThat(DamagedFiles.list(file()).get(0)).hasBinaryContent(letter);
	}

	@Test
	void aTriggerThatWouldDeleteSomethingElseIsDamage() throws Exception {
		replace("DELETE FROM entry_details WHERE entry = OLD.id", "DELETE FROM entry_details WHERE entry < OLD.id");
		try (CacheStore store = create()) {
			awaitRescue(store, 1);
			assertThat(read(store, FIRST)).containsExactly("old");
			store.deleteAll(List.of(THIRD));
			assertThat(read(store, THIRD)).isEmpty();
			assertThat(store.amount(MODEL).entries()).isEqualTo(3);
		}
	}

	@Test
	void aTriggerThatFailsIsDamage() throws Exception {
		replace("DELETE FROM entry_details WHERE", "DELETE FROM entry_detakls WHERE");
		try (CacheStore store = create()) {
			awaitRescue(store, 1);
			assertThat(read(store, FIRST)).containsExactly("old");
		}
	}

	@Test
	void whatOthersAddToAFileIsNoDamage() throws Exception {
		execute("CREATE INDEX mine ON entry_details (created_at)");
		execute("CREATE VIEW costs AS SELECT cost_nanos FROM entry");
		try (CacheStore store = create()) {
			store.putAll(List.of(entry(PROBE, "x")));
			assertThat(read(store, FIRST)).containsExactly("old");
		}
		assertThat(isDamaged()).isFalse();
		assertThat(DamagedFiles.list(file())).isEmpty();
	}

	private void flip(int offset) throws IOException {
		try (RandomAccessFile access = new RandomAccessFile(file().toFile(), "rw")) {
			access.seek(offset);
			int value = access.read();
			access.seek(offset);
			access.write(value ^ 0x40);
		}
	}

	private void replace(String text, String other) throws IOException {
		byte[] bytes = Files.readAllBytes(file());
		String all = new String(bytes, StandardCharsets.ISO_8859_1);
		assertThat(all).containsOnlyOnce(text);
		Files.write(file(), all.replace(text, other).getBytes(StandardCharsets.ISO_8859_1));
	}

	private static String noise(int seed) {
		byte[] noise = new byte[1000];
		new Random(seed).nextBytes(noise);
		return HexFormat.of().formatHex(noise);
	}

	private EntryRescue rescue(SqliteDatabases databases, SqliteSettings settings, Path aside) {
		return new EntryRescue(databases, new Connections(settings), this.codec, MODEL, aside);
	}

	private boolean isDamaged() {
		return new DatabaseDiagnosis(file(), MODEL, new Connections(SqliteSettings.of(this.directory))).isDamaged();
	}

	/**
	 * Damage the file so that everything that matters can be read.
	 */
	private void damage() throws SQLException {
		execute("DROP TABLE entry_use");
	}

	private static void awaitRepair() {
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().startsWith("llmcache-repair-")));
	}

	private void awaitRescue(CacheStore store, int files) {
		Awaitility.await().until(() -> {
			try {
				store.putAll(List.of(entry(PROBE, "x")));
			}
			catch (CacheStoreException ex) {
				return false;
			}
			return DamagedFiles.list(file()).size() == files && done() == files;
		});
	}

	private long done() throws SQLException {
		try (Connection connection = connect(file());
				Statement statement = connection.createStatement();
				ResultSet row = statement
					.executeQuery("SELECT count(*) FROM metadata WHERE name LIKE 'rescue of %' AND value = 'done'")) {
			return row.getLong(1);
		}
	}

	/**
	 * Leave a log beside the file, as a process does that is killed.
	 */
	private void leaveLog() throws SQLException, IOException {
		Path copy = this.directory.resolve("copy");
		Path database = this.directory.resolve("database");
		try (Connection connection = connect(file()); Statement statement = connection.createStatement()) {
			statement.execute("PRAGMA wal_autocheckpoint = 0");
			statement.execute("UPDATE entry_details SET bytes = bytes + 1");
			Files.copy(log(), copy);
			Files.copy(file(), database);
		}
		Files.move(database, file(), StandardCopyOption.REPLACE_EXISTING);
		Files.move(copy, log());
	}

	private Connection loseLog() throws SQLException, IOException {
		return loseLog(file());
	}

	/**
	 * Take away what a log holds as long as its index says that it does: pages that
	 * cannot be read, as on a disk that fails.
	 */
	private static Connection loseLog(Path file) throws SQLException, IOException {
		Connection connection = connect(file);
		try (Statement statement = connection.createStatement()) {
			statement.execute("PRAGMA wal_autocheckpoint = 0");
			statement.execute("UPDATE entry SET cost_nanos = cost_nanos + 1");
			try (RandomAccessFile log = new RandomAccessFile(file + "-wal", "rw")) {
				log.setLength(32);
			}
		}
		return connection;
	}

	private CacheStore create() {
		return new SqliteCacheStore(SqliteSettings.of(this.directory), this.codec, Clock.systemUTC());
	}

	private static List<String> read(CacheStore store, CacheKey key) throws Exception {
		StoredEntry stored = store.getAll(List.of(key)).get(key);
		return (stored != null) ? bodies(stored.read()) : List.of();
	}

	private static ModelStatistics counted(long hits) {
		return new ModelStatistics(hits, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = connect(file()); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static Connection connect(Path file) throws SQLException {
		return new SQLiteConfig().createConnection("jdbc:sqlite:" + file.toUri() + "?cache=private");
	}

	private Path file() {
		return this.directory.resolve(DatabaseNames.of(MODEL));
	}

	private Path log() {
		return this.directory.resolve(DatabaseNames.of(MODEL) + "-wal");
	}

	private Path aside(String time) {
		return this.directory.resolve(DatabaseNames.of(MODEL) + ".corrupt-" + time);
	}

}
