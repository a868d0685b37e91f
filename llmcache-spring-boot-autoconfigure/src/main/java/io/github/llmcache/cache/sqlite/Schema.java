package io.github.llmcache.cache.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.github.llmcache.cache.CacheStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Brings a database file to the schema that this version of llmcache works with.
 */
final class Schema {

	/** The version of the newest migration. */
	static final int VERSION = 4;

	static final String HISTORY_TABLE = "llmcache_schema_history";

	static final String SELECT_MODEL = "SELECT value FROM metadata WHERE name = 'model'";

	/**
	 * Between files that are small, as with larger pages, of which less remains empty,
	 * and commits that are cheap, for each writes whole pages.
	 */
	static final int PAGE_SIZE = 8 * 1024;

	/** Instead of a version: the tables are of something else. */
	static final int NOT_OURS = -1;

	/** Files of one process are migrated one by one: Flyway gains nothing otherwise. */
	private static final Lock MIGRATION = new ReentrantLock();

	private final Duration busyTimeout;

	Schema(Duration busyTimeout) {
		this.busyTimeout = busyTimeout;
	}

	/**
	 * Prepare a file for use.
	 * @param connection a connection for writing to the file
	 * @param file the file, which may be empty
	 * @param model the model that it belongs to
	 * @throws SQLException if SQLite fails
	 * @throws CacheStoreException if the file is newer, not ours or another model's
	 */
	void prepare(Connection connection, Path file, String model) throws SQLException {
		int version = version(connection);
		if (version >= 0 && version < VERSION) {
			MIGRATION.lock();
			try {
				migrate(connection);
			}
			finally {
				MIGRATION.unlock();
			}
			version = version(connection);
		}
		refuseOthers(version, file);
		checkModel(connection, file, model);
	}

	/**
	 * Make sure that a file that was {@linkplain #prepare prepared} is as it was created.
	 * @param connection a connection to the file
	 * @param file the file
	 * @throws SQLException if SQLite fails
	 * @throws CacheStoreException if it is not
	 */
	static void refuseAltered(Connection connection, Path file) throws SQLException {
		if (isAltered(connection)) {
			throw new CacheStoreException("The tables of the cache file " + file
					+ " are not as they were created. Move it (and its -wal and -shm files) away; it will be created anew",
					null);
		}
	}

	/**
	 * Return whether a file of this version has other tables, indexes or triggers than
	 * that creates.
	 */
	static boolean isAltered(Connection connection) throws SQLException {
		return version(connection) == VERSION && !SchemaText.isExpected(connection)
		// Not if a newer process has migrated it just now
				&& version(connection) == VERSION;
	}

	/**
	 * Make sure that a file may be opened for writing.
	 * @param connection a connection to the file
	 * @param file the file
	 * @throws SQLException if SQLite fails
	 * @throws CacheStoreException if the file is newer or not ours
	 */
	static void refuseOthers(Connection connection, Path file) throws SQLException {
		refuseOthers(version(connection), file);
	}

	/**
	 * Make sure that a file can be read as it is.
	 * @param connection a connection to the file
	 * @param file the file
	 * @param model the model that it belongs to
	 * @throws SQLException if SQLite fails
	 * @throws CacheStoreException if the file is another model's, or older
	 */
	static void checkReadable(Connection connection, Path file, String model) throws SQLException {
		if (isBehind(connection) || !StoredText.encode(model).equals(model(connection))) {
			throw new CacheStoreException("The cache file " + file + " cannot be written, and has to be before it can "
					+ "be read. Make it and its directory writable for this user", null);
		}
	}

	private static void refuseOthers(int version, Path file) {
		if (version == NOT_OURS) {
			throw new CacheStoreException(
					"The file " + file + " is an SQLite database of something else. Move it away, "
							+ "or set llmcache.directory to another directory",
					null);
		}
		if (version > VERSION) {
			throw new CacheStoreException("The cache file " + file
					+ " was written by a newer version of llmcache (schema " + version + ", this one knows " + VERSION
					+ "). Upgrade llmcache, or set llmcache.directory to " + "another directory", null);
		}
	}

	/**
	 * Return the condition that finds the entries of a namespace.
	 * @param namespace the namespace, which is the condition's only parameter
	 * @return the condition, which the index can be used for if it has the namespace
	 */
	static String namespaceCondition(String namespace) {
		return namespace.isEmpty() ? "namespace = ?" : "namespace = ? AND namespace <> ''";
	}

	/**
	 * Return whether a file has yet to be {@linkplain #prepare prepared} by this version.
	 */
	static boolean isBehind(Connection connection) throws SQLException {
		int version = version(connection);
		return version >= 0 && version < VERSION;
	}

	/**
	 * Return the version of a file.
	 * @param connection a connection to the file
	 * @return the version, 0 of an empty file, {@value #NOT_OURS} of something else
	 * @throws SQLException if SQLite fails
	 */
	static int version(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			try (ResultSet tables = statement
				.executeQuery("SELECT count(*), total(name = '" + HISTORY_TABLE + "') FROM sqlite_schema")) {
				tables.next();
				if (tables.getInt(1) == 0) {
					return 0;
				}
				if (tables.getInt(2) == 0) {
					return NOT_OURS;
				}
			}
			try (ResultSet versions = statement
				.executeQuery("SELECT max(CAST(version AS INTEGER)) FROM " + HISTORY_TABLE + " WHERE success = 1")) {
				versions.next();
				return versions.getInt(1);
			}
		}
	}

	private void migrate(Connection connection) throws SQLException {
		int version = version(connection);
		if (version == 0) {
			retryWhileBusy(() -> chooseFileFormat(connection));
		}
		if (version < VERSION) {
			retryWhileBusy(() -> runMigrations(connection));
		}
	}

	private static void runMigrations(Connection connection) throws SQLException {
		if (version(connection) >= VERSION) {
			return;
		}
		try {
			SchemaMigration.run(connection);
		}
		catch (RuntimeException ex) {
			if (version(connection) < VERSION) {
				throw ex;
			}
			// Another process was faster
		}
	}

	/**
	 * Choose what cannot be changed later, or only by writing the whole file again. Does
	 * nothing if another process has just done it.
	 */
	private static void chooseFileFormat(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("PRAGMA page_size = " + PAGE_SIZE);
			statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
			statement.execute("PRAGMA journal_mode = WAL");
		}
	}

	/**
	 * Try again as long as somebody else holds a lock. SQLite does so itself, but not
	 * where a lock for reading becomes one for writing, as when the journal mode changes.
	 */
	private void retryWhileBusy(Step step) throws SQLException {
		long start = System.nanoTime();
		while (true) {
			try {
				step.run();
				return;
			}
			catch (SQLException | RuntimeException ex) {
				if (!SqliteFailures.isBusy(ex) || System.nanoTime() - start > this.busyTimeout.toNanos()) {
					throw ex;
				}
				pause(ex);
			}
		}
	}

	private static void pause(Exception reason) {
		try {
			TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(1, 20));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CacheStoreException(
					"Interrupted while waiting for another process that creates the same cache file", reason);
		}
	}

	private static void checkModel(Connection connection, Path file, String model) throws SQLException {
		String expected = StoredText.encode(model);
		String actual = model(connection);
		if (actual == null) {
			try (PreparedStatement insert = connection
				.prepareStatement("INSERT INTO metadata (name, value) VALUES ('model', ?) ON CONFLICT DO NOTHING")) {
				insert.setString(1, expected);
				insert.executeUpdate();
			}
			actual = model(connection);
		}
		if (!expected.equals(actual)) {
			throw new CacheStoreException("The cache file " + file
					+ " belongs to another model than its name says. Give it " + "its own name back, or move it away",
					null);
		}
	}

	private static @Nullable String model(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet resultSet = statement.executeQuery(SELECT_MODEL)) {
			return resultSet.next() ? resultSet.getString(1) : null;
		}
	}

	@FunctionalInterface
	private interface Step {

		void run() throws SQLException;

	}

}
