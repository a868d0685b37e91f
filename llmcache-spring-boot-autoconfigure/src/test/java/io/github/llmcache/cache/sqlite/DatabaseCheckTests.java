package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseCheck}.
 */
class DatabaseCheckTests {

	private static final String MODEL = "model";

	private static final CacheKey KEY = key(MODEL, 1);

	private final EntryCodec codec = new EntryCodec(1024 * 1024);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@BeforeEach
	void store() {
		try (CacheStore store = create()) {
			store.putAll(List.of(entry(KEY, "a"), entry(key(MODEL, 2), "b"), entry(key("other", 1), "c")));
		}
	}

	@AfterEach
	void close() {
		this.codec.close();
	}

	@Test
	void nothingIsChangedOrCreated() throws Exception {
		Map<String, List<Object>> before = files();
		assertThat(problems()).isEmpty();
		assertThat(files()).isEqualTo(before).hasSize(3);
	}

	@Test
	void aLogThatWasLeftBehindIsNoProblemAndStaysAsItIs() throws Exception {
		Path log = this.directory.resolve(DatabaseNames.of(MODEL) + "-wal");
		Path copy = this.directory.resolve("copy");
		try (CacheStore store = create()) {
			store.putAll(List.of(entry(key(MODEL, 3), "d")));
			Files.copy(log, copy);
		}
		Files.move(copy, log, StandardCopyOption.REPLACE_EXISTING);
		byte[] before = Files.readAllBytes(file());
		assertThat(problems()).isEmpty();
		assertThat(file()).hasBinaryContent(before);
	}

	@Test
	void whatIsNotCommittedIntoTheFileYetIsLookedAt() throws Exception {
		try (CacheStore store = create()) {
			store.putAll(List.of(entry(key(MODEL, 3), "d")));
			execute("DELETE FROM entry_details");
			assertThat(store.problems()).singleElement().asString().contains("holds 3 entries that cannot be listed");
		}
	}

	@Test
	void aFileThatIsNoDatabase() throws Exception {
		Files.writeString(file(), "no database at all, which is not so short either".repeat(1000));
		assertThat(problems()).singleElement().asString().contains(file().toString(), "not an SQLite database");
	}

	@Test
	void aFileThatIsCutOff() throws Exception {
		byte[] bytes = Files.readAllBytes(file());
		Files.write(file(), Arrays.copyOf(bytes, bytes.length - 2 * Schema.PAGE_SIZE));
		assertThat(problems()).isNotEmpty().allSatisfy((problem) -> assertThat(problem).contains("damaged"));
	}

	@Test
	void aPageOfGarbage() throws Exception {
		// What is on a free page means nothing
		execute("VACUUM");
		byte[] bytes = Files.readAllBytes(file());
		for (int page = 2; page < bytes.length / Schema.PAGE_SIZE; page++) {
			byte[] damaged = bytes.clone();
			Arrays.fill(damaged, page * Schema.PAGE_SIZE, (page + 1) * Schema.PAGE_SIZE, (byte) 0x5A);
			Files.write(file(), damaged);
			assertThat(problems()).as("page %d", page).isNotEmpty().hasSizeLessThan(50);
		}
	}

	@Test
	void anEmptyFileIsNoProblem() throws Exception {
		Files.write(file(), new byte[0]);
		assertThat(problems()).isEmpty();
	}

	@Test
	void aDatabaseOfSomethingElse() throws Exception {
		execute("DROP TABLE " + Schema.HISTORY_TABLE);
		assertThat(problems()).singleElement().asString().contains("database of something else");
	}

	@Test
	void aNewerSchema() throws Exception {
		execute("UPDATE " + Schema.HISTORY_TABLE + " SET version = '99'");
		assertThat(problems()).singleElement().asString().contains("newer version", "schema 99");
	}

	@Test
	void anotherModelThanTheNameSays() throws Exception {
		Files.copy(file(), this.directory.resolve(DatabaseNames.of("other")), StandardCopyOption.REPLACE_EXISTING);
		assertThat(problems()).singleElement()
			.asString()
			.contains(DatabaseNames.of("other"), "belongs to another model");
		execute("UPDATE metadata SET value = 'a\\x' WHERE name = 'model'");
		assertThat(problems()).hasSize(2);
	}

	@Test
	void noModel() throws Exception {
		execute("DELETE FROM metadata");
		assertThat(problems()).singleElement().asString().contains("does not say which model");
	}

	@Test
	void rowsWithoutTheOthers() throws Exception {
		execute("INSERT INTO entry_use VALUES (1000, 1)", "UPDATE entry_details SET entry = 1001 WHERE entry = 1");
		assertThat(problems()).hasSize(3)
			.anySatisfy((problem) -> assertThat(problem).contains("1 entries that cannot be listed"))
			.anySatisfy((problem) -> assertThat(problem).contains("1 details of entries that are missing"))
			.anySatisfy((problem) -> assertThat(problem).contains("1 uses of entries that are missing"));
	}

	@Test
	void detailsOfAnotherEntry() throws Exception {
		execute("UPDATE entry_details SET fingerprint = fingerprint + 1 WHERE entry = 1");
		assertThat(problems()).singleElement().asString().contains("1 entries whose details are those of another one");
	}

	@Test
	void aDictionaryThatIsMissingOrNone() throws Exception {
		// The format of the entry, and the number of its dictionary
		execute("UPDATE entry SET payload = CAST(substr(payload, 1, 1) || x'07' || substr(payload, 3) AS BLOB) "
				+ "WHERE id = 1");
		assertThat(problems()).singleElement().asString().contains("lacks dictionary 7", "1 entries");
		execute("INSERT INTO dictionary VALUES (7, zeroblob(2000000))");
		assertThat(problems()).singleElement().asString().contains("lacks dictionary 7");
	}

	@Test
	void filesOfOthersAreLeftAlone() throws Exception {
		Files.writeString(this.directory.resolve("notes.sqlite"), "none of ours");
		assertThat(problems()).isEmpty();
	}

	@Test
	void aDirectoryThatIsNone() {
		try (CacheStore store = new SqliteCacheStore(SqliteSettings.of(file()), this.codec)) {
			assertThat(store.problems()).singleElement().asString().contains("is no directory");
		}
	}

	private List<String> problems() {
		try (CacheStore store = create()) {
			return store.problems();
		}
	}

	private CacheStore create() {
		return new SqliteCacheStore(SqliteSettings.of(this.directory), this.codec);
	}

	private Path file() {
		return this.directory.resolve(DatabaseNames.of(MODEL));
	}

	private void execute(String... sql) throws SQLException {
		try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + file());
				Statement statement = connection.createStatement()) {
			for (String each : sql) {
				statement.executeUpdate(each);
			}
		}
	}

	private Map<String, List<Object>> files() throws IOException {
		Map<String, List<Object>> files = new HashMap<>();
		try (Stream<Path> paths = Files.list(this.directory)) {
			for (Path path : paths.toList()) {
				files.put(path.toString(), List.of(Files.size(path), Files.getLastModifiedTime(path)));
			}
		}
		return files;
	}

}
