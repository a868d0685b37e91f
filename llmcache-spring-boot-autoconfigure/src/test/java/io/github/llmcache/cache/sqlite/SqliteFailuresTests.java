package io.github.llmcache.cache.sqlite;

import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.github.llmcache.cache.CacheStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SqliteFailures}.
 */
class SqliteFailuresTests {

	private static final Path FILE = Path.of("directory", "file.sqlite");

	private final SqliteFailures failures = new SqliteFailures(Duration.ofSeconds(3));

	@ParameterizedTest
	@CsvSource({ "SQLITE_BUSY,llmcache.sqlite.busy-timeout (3000 ms)", "SQLITE_BUSY_SNAPSHOT,busy-timeout",
			"SQLITE_LOCKED,busy-timeout", "SQLITE_PROTOCOL,busy-timeout", "SQLITE_FULL,full",
			"SQLITE_READONLY,writable", "SQLITE_READONLY_DBMOVED,writable", "SQLITE_PERM,writable",
			"SQLITE_CANTOPEN,llmcache.directory", "SQLITE_CORRUPT,Move it", "SQLITE_CORRUPT_INDEX,Move it",
			"SQLITE_NOTADB,Move it", "SQLITE_IOERR_WRITE,local file system" })
	void saysWhatToDo(SQLiteErrorCode code, String expected) {
		SQLException cause = new SQLiteException("secret", code);
		for (Throwable thrown : new Throwable[] { cause, new IllegalStateException("wrapped", cause),
				new SQLException("no code", cause) }) {
			CacheStoreException exception = this.failures.translate(FILE, thrown);
			assertThat(exception).hasMessageContaining(expected)
				.hasMessageContaining(FILE.toString())
				.hasMessageNotContaining("secret")
				.hasCause(thrown);
		}
	}

	@Test
	void aDirectoryWithoutAccessIsNamed() {
		assertThat(this.failures.translate(FILE, new AccessDeniedException("x"))).hasMessageContaining("writable")
			.hasMessageContaining("llmcache.directory");
	}

	@Test
	void aMissingLibraryIsExplained() {
		assertThat(this.failures.translate(FILE, new UnsatisfiedLinkError("x")))
			.hasMessageContaining("org.sqlite.tmpdir");
	}

	@Test
	void anythingElseIsKeptAsCause() {
		IllegalStateException cause = new IllegalStateException("secret");
		assertThat(this.failures.translate(FILE, cause)).hasMessageContaining("IllegalStateException")
			.hasMessageNotContaining("secret")
			.hasCause(cause);
	}

	@Test
	void whatIsTranslatedStaysAsItIs() {
		CacheStoreException exception = new CacheStoreException("message", null);
		assertThat(this.failures.translate(FILE, exception)).isSameAs(exception);
	}

	@ParameterizedTest
	@CsvSource({ "SELECT absent,true", "SELECT 1 FROM absent,true", "INSERT INTO there (x) VALUES (1),true",
			"CREATE TABLE there (b),true", "SELECT absent(1),false", "SELECT,false" })
	void onlyWhatDoesNotFitTheFileIsSuspicious(String sql, boolean suspicious) throws Exception {
		try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite::memory:");
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE there (a)");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute(sql))
				.satisfies((ex) -> assertThat(SqliteFailures.isSuspicious(ex)).isEqualTo(suspicious));
		}
	}

}
