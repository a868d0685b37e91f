package io.github.llmcache.cache.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a file that could not be used is damaged. Whoever is in doubt says
 * that it is not: a file that is locked, full, not to be read or written, newer or of
 * something else is none that may be moved. Used by one thread.
 */
final class DatabaseDiagnosis {

	private static final Pattern ERROR_CODE = Pattern.compile("get the page\\. error code=(\\d{1,9})");

	private final Path file;

	private final String model;

	private final Connections connections;

	private volatile @Nullable Statement checking;

	DatabaseDiagnosis(Path file, String model, Connections connections) {
		this.file = file;
		this.model = model;
		this.connections = connections;
	}

	/**
	 * Find out whether the file is damaged. Reads all of it if need be.
	 * @return whether it certainly is
	 */
	boolean isDamaged() {
		if (!Files.isRegularFile(this.file) || isOfOthers()) {
			return false;
		}
		Connection connection;
		try {
			connection = this.connections.openForReading(this.file);
		}
		catch (SQLException ex) {
			// Opening asks for nothing but what every file has
			return SqliteFailures.isSuspicious(ex);
		}
		try {
			return isDamaged(connection);
		}
		catch (SQLException ex) {
			return SqliteFailures.isDamage(ex);
		}
		finally {
			Connections.close(connection);
		}
	}

	/**
	 * Return whether the file is newer, another model's or of something else, without
	 * changing it: whoever opens it otherwise and is the last to close it copies its log
	 * into it.
	 */
	private boolean isOfOthers() {
		try {
			Connection connection = this.connections.openForChecking(this.file, Connections.isQuiet(this.file));
			try {
				int version = Schema.version(connection);
				String actual = model(connection);
				boolean named = actual != null && !actual.isEmpty();
				return version > Schema.VERSION || version == Schema.NOT_OURS && !named
						|| named && !StoredText.encode(this.model).equals(actual);
			}
			finally {
				Connections.close(connection);
			}
		}
		catch (SQLException ex) {
			// It is looked at more closely
			return false;
		}
	}

	/**
	 * End what takes long.
	 */
	void cancel() {
		Statement statement = this.checking;
		if (statement != null) {
			try {
				statement.cancel();
			}
			catch (SQLException ex) {
				// It has just ended
			}
		}
	}

	private boolean isDamaged(Connection connection) throws SQLException {
		boolean history;
		try {
			if (tables(connection, "name IS NOT NULL") == 0) {
				return false;
			}
			history = tables(connection, "name = '" + Schema.HISTORY_TABLE + "'") > 0;
		}
		catch (SQLException ex) {
			// There is no file without a schema, and no format that SQLite does not know
			return SqliteFailures.isSuspicious(ex);
		}
		int version = history ? version(connection) : 0;
		if (version > Schema.VERSION) {
			return false;
		}
		String actual = model(connection);
		boolean ours = StoredText.encode(this.model).equals(actual);
		if (version <= 0) {
			// A new file, whose first migration is under way, does not say that it is
			return ours;
		}
		if (actual == null) {
			return true;
		}
		return (ours || actual.isEmpty()) && (Schema.isAltered(connection) || !isIntact(connection));
	}

	private static long tables(Connection connection, String condition) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT count(*) FROM sqlite_schema WHERE " + condition)) {
			row.next();
			return row.getLong(1);
		}
	}

	private static int version(Connection connection) throws SQLException {
		try {
			return Schema.version(connection);
		}
		catch (SQLException ex) {
			if (SqliteFailures.isMissing(ex)) {
				return 0;
			}
			throw ex;
		}
	}

	/**
	 * Return the model that the file says it belongs to: nothing if it does not say so
	 * yet, {@code null} if it has no place to say so.
	 */
	private static @Nullable String model(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(Schema.SELECT_MODEL)) {
			return row.next() ? row.getString(1) : "";
		}
		catch (SQLException ex) {
			if (SqliteFailures.isMissing(ex)) {
				return null;
			}
			throw ex;
		}
	}

	/**
	 * Return whether a problem that SQLite has found is one of the file. A page that
	 * could not be read this time, because of the disk or for want of memory, is none.
	 */
	static boolean tellsOfDamage(String problem) {
		Matcher code = ERROR_CODE.matcher(problem);
		return !"ok".equals(problem) && !problem.contains("failed to get page")
				&& (!code.find() || SqliteFailures.isDamage(Integer.parseInt(code.group(1))));
	}

	private boolean isIntact(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			this.checking = statement;
			try (ResultSet row = statement.executeQuery("PRAGMA integrity_check(1)")) {
				return !row.next() || !tellsOfDamage(String.valueOf(row.getString(1)));
			}
		}
		finally {
			this.checking = null;
		}
	}

}
