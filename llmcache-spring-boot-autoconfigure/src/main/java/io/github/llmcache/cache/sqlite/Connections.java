package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteOpenMode;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * Opens connections, each while no file of the directory is moved: SQLite opens a file
 * first, and its log and the index of that with the first use, by their names. If the
 * file was moved and another one begun in between, what is written to the one would go
 * into the log of the other. Goes to SQLite directly: neither the {@code DriverManager}
 * nor a data source is involved.
 */
final class Connections {

	/**
	 * 16 MB, four times the usual: commits are cheaper if what they write is copied into
	 * the database less often. With more, hits beside somebody who saves are slower at
	 * the 99th percentile, and the log is larger than many a database.
	 */
	static final int CHECKPOINT_PAGES = 16 * 1024 * 1024 / Schema.PAGE_SIZE;

	private final SqliteSettings settings;

	private final DirectoryLock lock;

	Connections(SqliteSettings settings) {
		this.settings = settings;
		this.lock = new DirectoryLock(settings.directory(), settings.busyTimeout());
	}

	Connection openForReading(Path file) throws SQLException {
		return open(file, TransactionMode.DEFERRED);
	}

	/**
	 * Open a connection whose transactions take the lock for writing as they begin, and
	 * wait for it, which they could not do any more after they have read.
	 * @param file the file, which must exist
	 * @return the connection
	 * @throws SQLException if the file cannot be opened
	 */
	Connection openForWriting(Path file) throws SQLException {
		return open(file, TransactionMode.IMMEDIATE);
	}

	/**
	 * Open a connection that changes nothing, not even where the content is: whoever
	 * closes a database last usually copies its write-ahead log into it.
	 * @param file the file, which must exist
	 * @param quiet whether nobody uses the file, and there is no log: without that, a log
	 * would be created
	 * @return the connection
	 * @throws SQLException if the file cannot be opened
	 */
	Connection openForChecking(Path file, boolean quiet) throws SQLException {
		SQLiteConfig config = new SQLiteConfig();
		config.setReadOnly(true);
		config.setBusyTimeout((int) this.settings.busyTimeout().toMillis());
		return config.createConnection(url(file) + (quiet ? "&immutable=1" : ""));
	}

	/**
	 * Return whether nobody uses a file, and there is no log.
	 */
	static boolean isQuiet(Path file) {
		return Files.notExists(file.resolveSibling(file.getFileName() + "-wal"));
	}

	private Connection openWhileNothingMoves(SQLiteConfig config, Path file) throws SQLException {
		AtomicReference<@Nullable Connection> opened = new AtomicReference<>();
		try {
			// To set what is configured reads the schema, and thereby opens the log
			this.lock.run(() -> opened.set(config.createConnection(url(file))));
		}
		catch (IOException ex) {
			throw new SQLException("The directory cannot be locked", ex);
		}
		return Objects.requireNonNull(opened.get());
	}

	private Connection open(Path file, TransactionMode transactionMode) throws SQLException {
		SQLiteConfig config = new SQLiteConfig();
		// SQLite must not create the file: everybody could read it
		config.resetOpenMode(SQLiteOpenMode.CREATE);
		config.setTransactionMode(transactionMode);
		config.setBusyTimeout((int) this.settings.busyTimeout().toMillis());
		config.setSynchronous(SynchronousMode.valueOf(this.settings.synchronous().name()));
		config.setWalAutocheckpoint(CHECKPOINT_PAGES);
		config.setJournalSizeLimit(CHECKPOINT_PAGES * Schema.PAGE_SIZE);
		config.setGetGeneratedKeys(false);
		if (this.settings.mmapSize() > 0) {
			config.setPragma(Pragma.MMAP_SIZE, Long.toString(this.settings.mmapSize()));
		}
		return openWhileNothingMoves(config, file);
	}

	/**
	 * Return the URL of a file. As a URI, for in a plain path the driver takes what
	 * follows a question mark for options.
	 */
	private static String url(Path file) {
		// Without a cache option the driver switches the one of the whole process
		return "jdbc:sqlite:" + file.toUri() + "?cache=private";
	}

	/**
	 * Read or set a pragma.
	 * @param connection the connection
	 * @param pragma the pragma
	 * @return the first number that it returns, 0 if there is none
	 * @throws SQLException if SQLite fails
	 */
	static long pragma(Connection connection, String pragma) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("PRAGMA " + pragma)) {
			return result.next() ? result.getLong(1) : 0;
		}
	}

	static void close(Connection connection) {
		JdbcUtils.closeConnection(connection);
	}

}
