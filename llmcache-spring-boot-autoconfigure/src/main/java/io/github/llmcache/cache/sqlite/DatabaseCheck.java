package io.github.llmcache.cache.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.llmcache.cache.EntryCodec;
import org.jspecify.annotations.Nullable;

/**
 * Looks for damage in one database file, and changes nothing in it: neither is it
 * migrated, nor what is in its write-ahead log copied into it. Used by one thread.
 */
final class DatabaseCheck {

	/** More do not tell more about a file that is damaged. */
	private static final int MOST_PROBLEMS = 20;

	private static final int LONGEST_PROBLEM = 200;

	/** As much of an entry as says which dictionary it needs. */
	private static final int PAYLOAD_HEAD = 8;

	private final List<String> problems = new ArrayList<>();

	private final Path file;

	private final Connections connections;

	private final SqliteFailures failures;

	private final EntryCodec codec;

	DatabaseCheck(Path file, SqliteSettings settings, EntryCodec codec) {
		this.file = file;
		this.connections = new Connections(settings);
		this.failures = new SqliteFailures(settings.busyTimeout());
		this.codec = codec;
	}

	/**
	 * Look for damage.
	 * @return what is wrong, a line each
	 */
	List<String> problems() {
		boolean quiet = Files.notExists(log());
		check(quiet);
		if (!this.problems.isEmpty() && quiet && Files.exists(log())) {
			// Somebody has begun to write what was taken for finished
			this.problems.clear();
			check(false);
		}
		return List.copyOf(this.problems);
	}

	/**
	 * Return the write-ahead log, which exists as long as anybody uses the file.
	 */
	private Path log() {
		return this.file.resolveSibling(this.file.getFileName() + "-wal");
	}

	private void check(boolean quiet) {
		try {
			Connection connection = this.connections.openForChecking(this.file, quiet);
			try {
				check(connection);
			}
			finally {
				Connections.close(connection);
			}
		}
		catch (SQLException | RuntimeException | LinkageError ex) {
			if (Files.exists(this.file)) {
				this.problems.add(String.valueOf(this.failures.translate(this.file, ex).getMessage()));
			}
		}
	}

	private void check(Connection connection) throws SQLException {
		if (!isReadable(connection)) {
			return;
		}
		int version = Schema.version(connection);
		if (version > Schema.VERSION) {
			add("was written by a newer version of llmcache (schema " + version + ", this one knows " + Schema.VERSION
					+ ")");
			return;
		}
		if (version == Schema.NOT_OURS) {
			add("is an SQLite database of something else");
			return;
		}
		if (version > 0) {
			checkModel(connection);
		}
		if (Schema.isAltered(connection)) {
			add("has tables, indexes or triggers that are not as they were created");
		}
		else if (version == Schema.VERSION) {
			checkEntries(connection);
			checkDictionaries(connection);
		}
	}

	private boolean isReadable(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("PRAGMA integrity_check(" + MOST_PROBLEMS + ")")) {
			while (row.next()) {
				String problem = row.getString(1);
				if (!"ok".equals(problem)) {
					add("is damaged: " + line(problem));
				}
			}
		}
		return this.problems.isEmpty();
	}

	/**
	 * A file of others may have tables of any name.
	 */
	private static String line(@Nullable String problem) {
		String line = String.valueOf(problem).replaceAll("\\p{Cntrl}", " ");
		return (line.length() > LONGEST_PROBLEM) ? line.substring(0, LONGEST_PROBLEM) : line;
	}

	private void checkModel(Connection connection) throws SQLException {
		String model = model(connection);
		if (model == null) {
			if (count(connection, "SELECT count(*) FROM entry") > 0) {
				add("does not say which model it belongs to");
			}
		}
		else if (!this.file.endsWith(DatabaseNames.of(model))) {
			add("belongs to another model than its name says");
		}
	}

	private static @Nullable String model(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(Schema.SELECT_MODEL)) {
			return row.next() ? StoredText.decode(row.getString(1)) : null;
		}
		catch (IllegalArgumentException ex) {
			// Not written by us, and of no model
			return "";
		}
	}

	private void checkEntries(Connection connection) throws SQLException {
		add(connection, "entries that cannot be listed, for their details are missing",
				"SELECT count(*) FROM entry WHERE id NOT IN (SELECT entry FROM entry_details)");
		add(connection, "details of entries that are missing",
				"SELECT count(*) FROM entry_details WHERE entry NOT IN (SELECT id FROM entry)");
		add(connection, "uses of entries that are missing",
				"SELECT count(*) FROM entry_use WHERE entry NOT IN (SELECT id FROM entry)");
		add(connection, "entries whose details are those of another one",
				"SELECT count(*) FROM entry JOIN entry_details ON entry_details.entry = entry.id"
						+ " WHERE entry.key <> entry_details.key OR entry.fingerprint <> entry_details.fingerprint");
	}

	private void checkDictionaries(Connection connection) throws SQLException {
		Map<Integer, Long> needed = new TreeMap<>();
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT substr(payload, 1, " + PAYLOAD_HEAD + ") FROM entry")) {
			while (row.next()) {
				byte[] head = row.getBytes(1);
				needed.merge((head != null) ? this.codec.dictionaryOf(head) : 0, 1L, Long::sum);
			}
		}
		try (Dictionaries dictionaries = new Dictionaries(this.codec)) {
			for (Map.Entry<Integer, Long> each : needed.entrySet()) {
				if (this.problems.size() < MOST_PROBLEMS && each.getKey() != 0
						&& dictionaries.find(each.getKey(), connection) == null) {
					add("lacks dictionary " + each.getKey() + ", without which " + each.getValue()
							+ " entries cannot be read");
				}
			}
		}
	}

	private void add(Connection connection, String what, String query) throws SQLException {
		long count = count(connection, query);
		if (count > 0) {
			add("holds " + count + " " + what);
		}
	}

	private static long count(Connection connection, String query) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(query)) {
			return row.next() ? row.getLong(1) : 0;
		}
	}

	private void add(String problem) {
		this.problems.add("The cache file " + this.file + " " + problem);
	}

}
