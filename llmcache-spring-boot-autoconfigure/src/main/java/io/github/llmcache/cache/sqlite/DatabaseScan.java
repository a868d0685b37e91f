package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
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
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredAmount;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.DailyStatistics;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks through all database files, whether they are open or not. Files of others are
 * left alone.
 */
final class DatabaseScan {

	private static final Log logger = LogFactory.getLog(DatabaseScan.class);

	/** A sum that overflows is an error, and no entry that can be read costs more. */
	private static final String PLAUSIBLE_COST = "CASE WHEN cost_nanos BETWEEN 0 AND 1000000000000000"
			+ " THEN cost_nanos END";

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
		return scan((connection, file, model) -> size(connection, model));
	}

	/**
	 * Measure how much is in one file.
	 * @param file the file
	 * @return how much, nothing if there is no such file of ours
	 */
	StoredAmount amount(Path file) {
		StoredAmount amount = Files.exists(file) ? visit(file, (connection, same, model) -> amount(connection)) : null;
		return (amount != null) ? amount : StoredAmount.NOTHING;
	}

	private static StoredAmount amount(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT count(*) FROM entry")) {
			row.next();
			return new StoredAmount(row.getLong(1), bytes(connection));
		}
	}

	private static StoreSize size(Connection connection, String model) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT count(*), sum(" + PLAUSIBLE_COST + ") FROM entry")) {
			row.next();
			return new StoreSize(model, row.getLong(1), bytes(connection), row.getLong(2));
		}
	}

	/**
	 * Read what has been counted.
	 * @return one element a model and day
	 */
	List<DailyStatistics> statistics() {
		return scan((connection, file, model) -> StatisticsTable.read(model, connection)).stream()
			.flatMap(List::stream)
			.toList();
	}

	/**
	 * Visit the file that was written last.
	 * @param visitor the visitor
	 * @return what it has returned, or {@code null} if there is no file of ours
	 */
	<T> @Nullable T newest(Visitor<T> visitor) {
		// Read once: files that are written while they are sorted have no order
		Map<Path, FileTime> times = new HashMap<>();
		files().forEach((file) -> times.put(file, lastWritten(file)));
		return times.entrySet()
			.stream()
			.sorted(Map.Entry.<Path, FileTime>comparingByValue().reversed())
			.map((time) -> visit(time.getKey(), visitor))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Find the models that there are.
	 * @return the models' ids
	 */
	List<String> models() {
		return scan((connection, file, model) -> model);
	}

	/**
	 * Find the models that have entries in a namespace, or may have: what is of an older
	 * schema is not looked into.
	 * @param namespace the namespace
	 * @return the models' ids
	 */
	List<String> modelsWith(String namespace) {
		return scan((connection, file, model) -> {
			if (Schema.isBehind(connection)) {
				return model;
			}
			try (PreparedStatement statement = connection.prepareStatement(
					"SELECT 1 FROM entry_details WHERE " + Schema.namespaceCondition(namespace) + " LIMIT 1")) {
				statement.setString(1, StoredText.encode(namespace));
				try (ResultSet row = statement.executeQuery()) {
					return row.next() ? model : null;
				}
			}
		});
	}

	/**
	 * Look for damage, file by file.
	 * @param check finds what is wrong with a file
	 * @return what is wrong, a line each
	 */
	List<String> problems(Function<Path, List<String>> check) {
		if (Files.exists(this.directory) && !Files.isDirectory(this.directory)) {
			return List.of("The cache directory " + this.directory + " is no directory");
		}
		List<String> problems = new ArrayList<>(files().stream().sorted().map(check).flatMap(List::stream).toList());
		try {
			DamagedFiles.all(this.directory)
				.forEach((file) -> problems
					.add("The file " + file + " was damaged and moved aside. What could be read of it has been copied: "
							+ "delete it if you do not want to look into it"));
		}
		catch (NoSuchFileException ex) {
			// Nothing has been stored yet
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
		return problems;
	}

	private CacheStoreException unreadable(Exception cause) {
		return new CacheStoreException("The cache directory " + this.directory + " cannot be read", cause);
	}

	/**
	 * Name the files that have names of ours, and are no databases: damaged in their
	 * first page.
	 * @return a line each
	 */
	List<String> leftOut() {
		List<String> leftOut = new ArrayList<>();
		for (Path file : files()) {
			try {
				Connection connection = this.connections.openForReading(file);
				try {
					model(connection, file);
				}
				finally {
					Connections.close(connection);
				}
			}
			catch (SQLException ex) {
				// Other failures are thrown where the file is visited
				if (SqliteFailures.isNoDatabase(ex) && Files.exists(file)) {
					leftOut.add(String.valueOf(this.failures.translate(file, ex).getMessage()));
				}
			}
		}
		return leftOut;
	}

	private <T> List<T> scan(Visitor<T> visitor) {
		List<T> results = new ArrayList<>();
		for (Path file : files()) {
			T result = visit(file, visitor);
			if (result != null) {
				results.add(result);
			}
		}
		return results;
	}

	private List<Path> files() {
		List<Path> found = new ArrayList<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.directory, "*" + DatabaseNames.SUFFIX)) {
			for (Path file : files) {
				if (DatabaseNames.matches(String.valueOf(file.getFileName()))) {
					found.add(file);
				}
			}
		}
		catch (NoSuchFileException | NotDirectoryException ex) {
			return List.of();
		}
		catch (IOException | DirectoryIteratorException ex) {
			throw unreadable(ex);
		}
		return found;
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

	/**
	 * Return the space that is used in the file: what has been deleted does not count any
	 * more, whether the file has become smaller yet or not. Nor does the write-ahead log,
	 * for what it holds has its place in the file.
	 */
	private static long bytes(Connection connection) throws SQLException {
		long pages = Connections.pragma(connection, "page_count") - Connections.pragma(connection, "freelist_count");
		return Math.max(pages, 0) * Connections.pragma(connection, "page_size");
	}

	private static FileTime lastWritten(Path file) {
		FileTime written = lastModified(file);
		FileTime logged = lastModified(file.resolveSibling(file.getFileName() + "-wal"));
		return (logged.compareTo(written) > 0) ? logged : written;
	}

	private static FileTime lastModified(Path file) {
		try {
			return Files.getLastModifiedTime(file);
		}
		catch (IOException ex) {
			return FileTime.fromMillis(0);
		}
	}

	@FunctionalInterface
	interface Visitor<T> {

		@Nullable T visit(Connection connection, Path file, String model) throws SQLException, IOException;

	}

}
