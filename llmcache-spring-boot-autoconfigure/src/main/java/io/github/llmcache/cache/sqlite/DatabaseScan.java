package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStoreException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks through all database files, whether they are open or not. Files of others are
 * left alone.
 */
final class DatabaseScan {

	private static final Log logger = LogFactory.getLog(DatabaseScan.class);

	private final Path directory;

	private final Connections connections;

	private final SqliteFailures failures;

	DatabaseScan(SqliteSettings settings) {
		this.directory = settings.directory();
		this.connections = new Connections(settings);
		this.failures = new SqliteFailures(settings.busyTimeout());
	}

	/**
	 * Measure all files.
	 * @return one element a model
	 */
	List<StoreSize> sizes() {
		return scan((connection, file, model) -> {
			try (Statement statement = connection.createStatement();
					ResultSet row = statement.executeQuery("SELECT count(*), sum(cost_nanos) FROM entry")) {
				row.next();
				return new StoreSize(model, row.getLong(1), bytes(file), row.getLong(2));
			}
		});
	}

	/**
	 * Find the models that there are.
	 * @return the models' ids
	 */
	List<String> models() {
		return scan((connection, file, model) -> model);
	}

	/**
	 * Find the models that have entries in a namespace.
	 * @param namespace the namespace
	 * @return the models' ids
	 */
	List<String> modelsWith(String namespace) {
		return scan((connection, file, model) -> {
			try (PreparedStatement statement = connection
				.prepareStatement("SELECT 1 FROM entry WHERE " + Schema.namespaceCondition(namespace) + " LIMIT 1")) {
				statement.setString(1, StoredText.encode(namespace));
				try (ResultSet row = statement.executeQuery()) {
					return row.next() ? model : null;
				}
			}
		});
	}

	private <T> List<T> scan(Visitor<T> visitor) {
		List<T> results = new ArrayList<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.directory, "*" + DatabaseNames.SUFFIX)) {
			for (Path file : files) {
				T result = DatabaseNames.matches(String.valueOf(file.getFileName())) ? visit(file, visitor) : null;
				if (result != null) {
					results.add(result);
				}
			}
		}
		catch (NoSuchFileException | NotDirectoryException ex) {
			return List.of();
		}
		catch (IOException ex) {
			throw new CacheStoreException("The cache directory " + this.directory + " cannot be read", ex);
		}
		return results;
	}

	private <T> @Nullable T visit(Path file, Visitor<T> visitor) {
		try {
			Connection connection = this.connections.openForReading(file);
			try {
				String model = model(connection, file);
				return (model != null) ? visitor.visit(connection, file, model) : null;
			}
			finally {
				Connections.close(connection);
			}
		}
		catch (SQLException | IOException | RuntimeException | LinkageError ex) {
			if (SqliteFailures.isForeign(ex) || Files.notExists(file)) {
				logger.debug("Ignored " + file + ", which is no cache file", ex);
				return null;
			}
			throw this.failures.translate(file, ex);
		}
	}

	private @Nullable String model(Connection connection, Path file) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(Schema.SELECT_MODEL)) {
			String model = row.next() ? StoredText.decode(row.getString(1)) : null;
			if (model != null && file.endsWith(DatabaseNames.of(model))) {
				return model;
			}
		}
		catch (IllegalArgumentException ex) {
			// Not written by us
		}
		logger.debug("Ignored " + file + ", which does not hold the model that it is named after");
		return null;
	}

	private static long bytes(Path file) throws IOException {
		Path log = file.resolveSibling(file.getFileName() + "-wal");
		long bytes = Files.size(file);
		try {
			bytes += Files.size(log);
		}
		catch (NoSuchFileException ex) {
			// Everything is in the file itself
		}
		return bytes;
	}

	@FunctionalInterface
	private interface Visitor<T> {

		@Nullable T visit(Connection connection, Path file, String model) throws SQLException, IOException;

	}

}
