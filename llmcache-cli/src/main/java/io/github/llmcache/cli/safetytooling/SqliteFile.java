package io.github.llmcache.cli.safetytooling;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.sqlite.SQLiteConfig;

import org.springframework.util.FileSystemUtils;

/**
 * A database file with the tables {@code responses}, {@code moderation} and
 * {@code embeddings}, whose values are compressed. It is opened so that no file beside it
 * is made or changed.
 */
final class SqliteFile implements Home {

	/** What the library itself does not read any more has another one. */
	private static final long SCHEMA_VERSION = 1;

	private static final int PROGRESS_STEP = 200;

	private static final int BUSY_TIMEOUT_MILLIS = 5000;

	/** The year 10000, after which seconds are no time that anybody means. */
	private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(253_402_300_800L);

	private final Path file;

	private final String name;

	SqliteFile(Path file, String name) {
		this.file = file;
		this.name = name;
	}

	@Override
	public void readAll(Visitor visitor) throws IOException {
		long size = Files.size(this.file);
		Instant modifiedAt = Files.getLastModifiedTime(this.file).toInstant();
		Path log = beside("-wal");
		boolean logged = Files.exists(log) && Files.size(log) > 0;
		boolean shared = Files.exists(beside("-shm"));
		if (shared) {
			// Somebody may be writing, and has made all files that are needed
			read(this.file, "mode=ro", modifiedAt, size, visitor);
		}
		else if (logged) {
			// Left behind by a process that has ended; SQLite would make a file to read
			// it
			readCopy(log, modifiedAt, size, visitor);
		}
		else {
			read(this.file, "immutable=1", modifiedAt, size, visitor);
		}
		visitor.progress(size, size);
	}

	private Path beside(String suffix) {
		return this.file.resolveSibling(this.file.getFileName() + suffix);
	}

	private void readCopy(Path log, Instant modifiedAt, long size, Visitor visitor) throws IOException {
		Path directory = Files.createTempDirectory("llmcache-import");
		try {
			Path copy = Files.copy(this.file, directory.resolve("copy.sqlite"));
			Files.copy(log, directory.resolve("copy.sqlite-wal"));
			read(copy, "mode=rw", modifiedAt, size, visitor);
		}
		finally {
			FileSystemUtils.deleteRecursively(directory);
		}
	}

	private void read(Path database, String mode, Instant modifiedAt, long size, Visitor visitor) {
		SQLiteConfig config = new SQLiteConfig();
		config.setReadOnly(!mode.equals("mode=rw"));
		config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
		try (Connection connection = config.createConnection("jdbc:sqlite:" + database.toUri() + "?" + mode);
				BlobReader blobs = new BlobReader(MAX_VALUE_SIZE)) {
			execute(connection, "PRAGMA trusted_schema = OFF");
			List<Table> tables = tables(connection);
			if (tables.isEmpty()) {
				visitor.skipped(this.name, "the database has no table of safety-tooling");
			}
			for (Table table : tables) {
				read(connection, table, blobs, modifiedAt, size, visitor);
			}
		}
		catch (SQLException ex) {
			visitor.skipped(this.name, "the rest of the database cannot be read: it is damaged, or in use");
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Find the tables. What has their names but is none, such as a view, is not read.
	 */
	private static List<Table> tables(Connection connection) throws SQLException {
		Set<String> names = new LinkedHashSet<>();
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
			while (rows.next()) {
				names.add(rows.getString(1));
			}
		}
		List<Table> tables = new ArrayList<>(List.of(Table.values()));
		tables.removeIf((table) -> !names.contains(table.table));
		return tables;
	}

	private void read(Connection connection, Table table, BlobReader blobs, Instant modifiedAt, long size,
			Visitor visitor) throws SQLException {
		long total = count(connection, table);
		try (PreparedStatement statement = connection.prepareStatement(table.query())) {
			statement.setInt(1, MAX_VALUE_SIZE);
			try (ResultSet rows = statement.executeQuery()) {
				for (long row = 1; rows.next(); row++) {
					String where = this.name + ", " + table.table + " " + row;
					try {
						visitor.value(value(rows, where, blobs, modifiedAt));
					}
					catch (UnmappableException ex) {
						visitor.skipped(where, ex.reason());
					}
					if (row % PROGRESS_STEP == 0) {
						visitor.progress((long) ((double) size * Math.min(row, total) / total), size);
					}
				}
			}
		}
	}

	private static long count(Connection connection, Table table) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table.table)) {
			return rows.next() ? Math.max(rows.getLong(1), 1) : 1;
		}
	}

	private static Value value(ResultSet row, String where, BlobReader blobs, Instant modifiedAt) throws SQLException {
		if (!(row.getObject(2) instanceof Number version) || version.longValue() != SCHEMA_VERSION) {
			throw new UnmappableException("its schema version is not " + SCHEMA_VERSION);
		}
		byte[] blob = row.getBytes(3);
		if (blob == null) {
			throw new UnmappableException(
					"it has no blob, or one of more than " + MAX_VALUE_SIZE / 1024 / 1024 + " MB");
		}
		String hash = row.getString(1);
		return new Value(where, (hash != null) ? hash : "", blobs.read(blob), createdAt(row.getDouble(4), modifiedAt));
	}

	private static Instant createdAt(double seconds, Instant otherwise) {
		if (!(seconds > 0 && seconds < MAX_SECONDS.doubleValue())) {
			return otherwise;
		}
		return Instant.ofEpochMilli(Math.round(seconds * 1000));
	}

	private enum Table {

		RESPONSES("responses", "prompt_hash"), MODERATION("moderation", "text_hash"),
		EMBEDDINGS("embeddings", "params_hash");

		private final String table;

		private final String key;

		Table(String table, String key) {
			this.table = table;
			this.key = key;
		}

		private String query() {
			return "SELECT " + this.key + ", schema_version, CASE WHEN typeof(response_blob) = 'blob' AND "
					+ "length(response_blob) <= ? THEN response_blob END, "
					// Seconds since 1970, or a text as of CURRENT_TIMESTAMP
					+ "CASE typeof(created_at) WHEN 'text' THEN (julianday(created_at) - 2440587.5) * 86400 "
					+ "ELSE created_at END FROM " + this.table;
		}

	}

}
