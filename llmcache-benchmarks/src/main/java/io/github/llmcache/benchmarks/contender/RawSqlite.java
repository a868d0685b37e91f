package io.github.llmcache.benchmarks.contender;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Connections to SQLite by hand, with the settings that llmcache gives to its own:
 * whatever differs is then not SQLite's.
 */
final class RawSqlite {

	/** The same as llmcache's, for a commit writes whole pages. */
	static final int PAGE_SIZE = 8 * 1024;

	/** The same as llmcache's, for a commit that fills the log up has to empty it. */
	private static final int CHECKPOINT_BYTES = 64 * 1024 * 1024;

	private RawSqlite() {
	}

	/**
	 * Open a file, which is created if it does not exist.
	 * @param file the file
	 * @return the connection
	 * @throws SQLException if that fails
	 */
	static Connection open(Path file) throws SQLException {
		Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
		try (Statement statement = connection.createStatement()) {
			statement.execute("PRAGMA page_size = " + PAGE_SIZE);
			statement.execute("PRAGMA journal_mode = WAL");
			statement.execute("PRAGMA synchronous = NORMAL");
			statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_BYTES / PAGE_SIZE);
		}
		return connection;
	}

}
