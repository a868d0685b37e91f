package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.StoreStatus;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * Finds out whether the files can be used: reads the one that was written last, and
 * begins to write it. Where there is none, looks whether there could be one.
 */
final class StatusProbe {

	private final Path directory;

	private final DatabaseScan scan;

	private final Connections connections;

	private final SqliteFailures failures;

	StatusProbe(SqliteSettings settings, DatabaseScan scan) {
		this.directory = settings.directory();
		this.scan = scan;
		this.connections = new Connections(settings);
		this.failures = new SqliteFailures(settings.busyTimeout());
	}

	StoreStatus status() {
		try {
			String version = version();
			StoreStatus status = this.scan.newest((connection, file, model) -> status(connection, file, version));
			return (status != null) ? status : ofDirectory(version);
		}
		catch (CacheStoreException ex) {
			return failed(ex);
		}
		catch (SQLException | LinkageError ex) {
			return failed(this.failures.translate(this.directory, ex));
		}
	}

	/**
	 * Return the status of a store that cannot be used at all.
	 */
	static StoreStatus failed(CacheStoreException failure) {
		String message = String.valueOf(failure.getMessage());
		return new StoreStatus(message, message, null, null);
	}

	private static String version() throws SQLException {
		try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite::memory:");
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
			row.next();
			return "SQLite " + row.getString(1) + ", schema " + Schema.VERSION;
		}
	}

	private StoreStatus status(Connection reading, Path file, String version) throws SQLException {
		try (Statement statement = reading.createStatement();
				ResultSet row = statement.executeQuery("SELECT key, payload FROM entry LIMIT 1")) {
			row.next();
		}
		return new StoreStatus(null, writeFailure(file), version, freeBytes(this.directory));
	}

	private @Nullable String writeFailure(Path file) {
		try {
			Connection connection = this.connections.openForWriting(file);
			try (Statement statement = connection.createStatement()) {
				statement.execute("BEGIN IMMEDIATE");
				statement.execute("ROLLBACK");
				return null;
			}
			finally {
				Connections.close(connection);
			}
		}
		catch (SQLException ex) {
			return this.failures.translate(file, ex).getMessage();
		}
	}

	private StoreStatus ofDirectory(String version) {
		Path existing = this.directory;
		while (!Files.exists(existing) && existing.getParent() != null) {
			existing = Objects.requireNonNull(existing.getParent());
		}
		boolean isDirectory = Files.isDirectory(existing);
		return new StoreStatus(
				(isDirectory && Files.isReadable(existing)) ? null
						: "The cache directory " + this.directory + " cannot be read",
				(isDirectory && Files.isWritable(existing)) ? null
						: "The cache directory " + this.directory + " cannot be written. Make sure that it is a "
								+ "directory and writable for this user, or set llmcache.directory to another one",
				version, freeBytes(existing));
	}

	private static @Nullable Long freeBytes(Path path) {
		try {
			return Files.getFileStore(path).getUsableSpace();
		}
		catch (IOException ex) {
			return null;
		}
	}

}
