package io.github.llmcache.cache.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.EntryDetails;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the details of one model's entries, row by row on a connection of its own,
 * so that nothing is copied that is not asked for, and that the action may use the store
 * and close it. In portions, so that the write-ahead log does not grow meanwhile. Used by
 * one thread.
 */
final class EntryInspection {

	private static final int MAX_ROWS = 1000;

	private final SqliteDatabases databases;

	private final String model;

	private final Path file;

	private final Connections connections;

	private final SqliteFailures failures;

	EntryInspection(SqliteDatabases databases, SqliteSettings settings, String model) {
		this.databases = databases;
		this.model = model;
		this.file = databases.file(model);
		this.connections = new Connections(settings);
		this.failures = new SqliteFailures(settings.busyTimeout());
	}

	void forEach(Consumer<? super EntryDetails> action) {
		// What cannot be used is reported, and what is old migrated
		if (!this.databases.use(this.model, false, (database) -> database.read((reader) -> true))) {
			return;
		}
		try {
			Connection connection = this.connections.openForReading(this.file);
			try {
				forEach(connection, action);
			}
			finally {
				Connections.close(connection);
			}
		}
		catch (SQLException ex) {
			this.databases.failed(this.model, ex);
			throw this.failures.translate(this.file, ex);
		}
	}

	private void forEach(Connection connection, Consumer<? super EntryDetails> action) throws SQLException {
		// What is added later is not seen, or else who adds might never come to the end
		long end = end(connection);
		try (PreparedStatement select = connection.prepareStatement("SELECT " + DetailsRow.COLUMNS
				+ " WHERE entry_details.entry > ? AND entry_details.entry <= ? AND length(key) = " + CacheKey.LENGTH
				+ " ORDER BY entry_details.entry LIMIT " + MAX_ROWS)) {
			@Nullable Long last = Long.MIN_VALUE;
			while (last != null) {
				this.databases.checkOpen();
				select.setLong(1, last);
				select.setLong(2, end);
				last = portion(select, action);
			}
		}
	}

	private static long end(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT max(entry) FROM entry_details")) {
			row.next();
			return row.getLong(1);
		}
	}

	/**
	 * Return the last entry of the portion, {@code null} if it was empty.
	 */
	private @Nullable Long portion(PreparedStatement select, Consumer<? super EntryDetails> action)
			throws SQLException {
		Long last = null;
		try (ResultSet row = select.executeQuery()) {
			DetailsRow details = new DetailsRow(this.model, this.file, this.failures, row);
			while (row.next()) {
				last = row.getLong(1);
				action.accept(details);
			}
		}
		return last;
	}

}
