package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.UnreadableEntryException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Copies what can be read of a damaged file into the one that was begun in its place, in
 * small portions between which others write. What is there already is left as it is, so
 * that doing it twice, by two processes or after one was killed, does no harm. Used by
 * one thread.
 */
final class EntryRescue {

	private static final Log logger = LogFactory.getLog(SqliteDatabase.class);

	private static final String BEGUN = "begun";

	private static final String DONE = "done";

	private static final int MAX_ROWS = 64;

	private static final long MAX_BYTES = 1024 * 1024;

	/** Where so many numbers are those of no entry, the highest one was damaged, too. */
	private static final int MAX_GAP = 100_000;

	private static final String NAME = "rescue of ";

	/** More than anybody has moved aside. */
	private static final int MAX_NOTES = 1000;

	private final SqliteDatabases databases;

	private final Connections connections;

	private final EntryCodec codec;

	private final String model;

	private final Path moved;

	private final List<CacheEntry> portion = new ArrayList<>();

	private long portionBytes;

	private long rescued;

	private long lost;

	/** Of rows that could not be read, though perhaps nothing is wrong with them. */
	private @Nullable SQLException passing;

	private long last = Long.MIN_VALUE;

	EntryRescue(SqliteDatabases databases, Connections connections, EntryCodec codec, String model, Path moved) {
		this.databases = databases;
		this.connections = connections;
		this.codec = codec;
		this.model = model;
		this.moved = moved;
	}

	/**
	 * Copy what has not been copied yet.
	 */
	void run() {
		if (DONE.equals(progress())) {
			return;
		}
		try {
			// Nobody has it open then: SQLite's locks end when anybody here closes it
			if (DamagedFiles.isQuiet(this.moved) && Files.isWritable(this.moved)) {
				DatabaseHeader.restore(this.moved);
			}
			// Whoever may write and closes it last deletes the index of its log, by the
			// name that it had when this process opened it first: now the new file's
			Connection connection = this.connections.openForChecking(this.moved, DamagedFiles.isQuiet(this.moved));
			try (Dictionaries dictionaries = new Dictionaries(this.codec)) {
				readWhatIsThere(connection);
				copyStatisticsAndNotes(connection);
				copyEntries(connection, dictionaries);
			}
			finally {
				Connections.close(connection);
			}
		}
		catch (SQLException ex) {
			if (!SqliteFailures.isSuspicious(ex)) {
				throw new CacheStoreException("The file " + this.moved + " cannot be read now", ex);
			}
			logger.debug("Nothing can be read of " + this.moved, ex);
		}
		catch (IOException ex) {
			throw new CacheStoreException("The file " + this.moved + " cannot be read now", ex);
		}
		if (this.passing != null) {
			throw new CacheStoreException("Not all of the file " + this.moved + " can be read now", this.passing);
		}
		this.databases.useOrCreate(this.model, (database) -> database.write(0, (writer) -> {
			setProgress(writer.connection(), name(), DONE);
			return true;
		}));
		logger.warn((this.rescued + this.lost > 0)
				? "Of the damaged cache file " + this.moved + ", " + this.rescued + " entries were rescued; "
						+ this.lost + " others were found that cannot be read. It can be deleted"
				: "Of the damaged cache file " + this.moved
						+ ", 0 entries were rescued, for none were found. Keep it if it should have some: "
						+ "sqlite3 (.recover) may find them");
	}

	/**
	 * Let SQLite read a file that is shorter than it says, of which it reads nothing
	 * otherwise. Nothing is written through the connection.
	 */
	private static void readWhatIsThere(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("PRAGMA writable_schema = ON");
		}
	}

	private @Nullable String progress() {
		return this.databases
			.useOrCreate(this.model,
					(database) -> database.read((reader) -> Optional.ofNullable(progress(reader.connection()))))
			.orElse(null);
	}

	private @Nullable String progress(Connection connection) throws SQLException {
		try (PreparedStatement select = connection.prepareStatement("SELECT value FROM metadata WHERE name = ?")) {
			select.setString(1, name());
			try (ResultSet row = select.executeQuery()) {
				return row.next() ? row.getString(1) : null;
			}
		}
	}

	private static void setProgress(Connection connection, String name, String progress) throws SQLException {
		try (PreparedStatement insert = connection.prepareStatement(
				"INSERT INTO metadata (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")) {
			insert.setString(1, name);
			insert.setString(2, progress);
			insert.executeUpdate();
		}
	}

	private String name() {
		return NAME + this.moved.getFileName();
	}

	/**
	 * Add up what was counted, once: together with the note that it was, and with those
	 * of files that were damaged earlier. What was copied of them is in this one, or has
	 * been deleted since.
	 */
	private void copyStatisticsAndNotes(Connection damaged) {
		List<DailyStatistics> counted = StatisticsTable.readable(this.model, damaged);
		Map<String, String> notes = notes(damaged);
		this.databases.useOrCreate(this.model, (database) -> database.write(0, (writer) -> {
			if (progress(writer.connection()) == null) {
				StatisticsTable.add(counted, writer.connection());
				for (Map.Entry<String, String> note : notes.entrySet()) {
					setProgress(writer.connection(), note.getKey(), note.getValue());
				}
				setProgress(writer.connection(), name(), BEGUN);
			}
			return true;
		}));
	}

	private static Map<String, String> notes(Connection damaged) {
		Map<String, String> notes = new HashMap<>();
		try (Statement statement = damaged.createStatement();
				ResultSet row = statement.executeQuery("SELECT name, value FROM metadata WHERE name LIKE '" + NAME
						+ "%' AND value IN ('" + BEGUN + "', '" + DONE + "') AND octet_length(name) <= " + MAX_NOTES
						+ " LIMIT " + MAX_NOTES)) {
			while (row.next()) {
				notes.put(row.getString(1), row.getString(2));
			}
		}
		catch (SQLException ex) {
			logger.debug("What was noted in a damaged file cannot be read", ex);
		}
		return notes;
	}

	private void copyEntries(Connection connection, Dictionaries dictionaries) {
		if (!canBeAsked(connection)) {
			return;
		}
		long end = Math.max(highest(connection, "SELECT max(id) FROM entry"),
				Math.max(highest(connection, "SELECT max(entry) FROM entry_details"),
						highest(connection, "SELECT max(id) FROM entry INDEXED BY entry_fingerprint")));
		if (end == 0) {
			// Perhaps it has entries all the same
			end = MAX_GAP;
		}
		boolean more = true;
		while (more) {
			this.databases.checkOpen();
			try {
				more = copyPortion(connection, dictionaries);
			}
			catch (SQLException ex) {
				if (SqliteFailures.isBusy(ex)) {
					throw new CacheStoreException("The file " + this.moved + " cannot be read now", ex);
				}
				more = copyOneByOne(connection, dictionaries, end);
			}
		}
		save();
	}

	/**
	 * Return whether there is a table of entries, as far as SQLite knows the tables.
	 */
	private boolean canBeAsked(Connection connection) {
		try {
			connection.prepareStatement("SELECT " + withoutDetails()).close();
			return true;
		}
		catch (SQLException ex) {
			if (SqliteFailures.isPassing(ex)) {
				this.passing = ex;
			}
			logger.debug("There are no entries in " + this.moved, ex);
			return false;
		}
	}

	private static long highest(Connection connection, String query) {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(query)) {
			return row.next() ? row.getLong(1) : 0;
		}
		catch (SQLException ex) {
			return 0;
		}
	}

	/**
	 * Copy what comes next. Returns whether there may be more.
	 */
	private boolean copyPortion(Connection connection, Dictionaries dictionaries) throws SQLException {
		try (PreparedStatement select = connection.prepareStatement(
				"SELECT " + EntryReader.allColumns(this.codec) + " WHERE id > ? ORDER BY id LIMIT " + MAX_ROWS)) {
			select.setLong(1, this.last);
			int rows = 0;
			try (ResultSet row = select.executeQuery()) {
				while (row.next()) {
					long id = row.getLong(1);
					copy(connection, row, dictionaries);
					this.last = id;
					rows++;
				}
			}
			return rows == MAX_ROWS;
		}
	}

	/**
	 * Copy what comes next where a page is damaged: other rows may be on other pages.
	 * Returns whether there may be more.
	 */
	private boolean copyOneByOne(Connection connection, Dictionaries dictionaries, long end) {
		int gap = 0;
		long id = Math.max(this.last, 0);
		for (int i = 0; id < end && (i < MAX_ROWS || gap >= i) && gap < MAX_GAP; i++) {
			this.databases.checkOpen();
			id++;
			gap = copyOne(connection, dictionaries, id) ? 0 : gap + 1;
		}
		this.last = id;
		return id < end && gap < MAX_GAP;
	}

	/**
	 * Copy an entry. Returns whether its row could be read.
	 */
	private boolean copyOne(Connection connection, Dictionaries dictionaries, long id) {
		boolean damaged = false;
		for (String columns : List.of(EntryReader.allColumns(this.codec), withoutDetails())) {
			try (PreparedStatement select = connection.prepareStatement("SELECT " + columns + " WHERE id = ?")) {
				select.setLong(1, id);
				try (ResultSet row = select.executeQuery()) {
					if (!row.next()) {
						return false;
					}
					copy(connection, row, dictionaries);
					return true;
				}
			}
			catch (SQLException ex) {
				damaged = true;
				if (SqliteFailures.isPassing(ex)) {
					this.passing = ex;
				}
			}
		}
		if (damaged && isListed(connection, id)) {
			this.lost++;
		}
		return false;
	}

	private static boolean isListed(Connection connection, long id) {
		return highest(connection, "SELECT entry FROM entry_details WHERE entry = " + id) == id;
	}

	/**
	 * For a file whose details are damaged.
	 */
	private String withoutDetails() {
		return "id, fingerprint, " + EntryReader.bounded("key", this.codec) + ", "
				+ EntryReader.bounded("payload", this.codec) + ", NULL, NULL FROM entry";
	}

	private void copy(Connection connection, ResultSet row, Dictionaries dictionaries) throws SQLException {
		CompressionDictionary dictionary = (row.getObject(4) instanceof byte[] payload)
				? dictionaries.find(payload, connection) : null;
		ScannedEntry stored = new ScannedEntry(this.codec, this.model, row.getLong(2), row.getObject(3),
				row.getObject(4), row.getObject(5), row.getObject(6), dictionary);
		CacheEntry entry = read(stored);
		if (entry == null) {
			this.lost++;
			return;
		}
		this.portion.add(entry);
		this.portionBytes += size(entry);
		this.rescued++;
		if (this.portion.size() == MAX_ROWS || this.portionBytes > MAX_BYTES) {
			save();
		}
	}

	private static long size(CacheEntry entry) {
		long size = entry.responses().stream().mapToLong((response) -> response.body().length).sum();
		return size + ((entry.request() != null) ? entry.request().json().length : 0);
	}

	/**
	 * Read an entry, if need be without its request.
	 */
	private static @Nullable CacheEntry read(ScannedEntry stored) {
		try {
			return stored.read();
		}
		catch (UnreadableEntryException ex) {
			try {
				return stored.withoutRequest().read();
			}
			catch (UnreadableEntryException again) {
				return null;
			}
		}
	}

	private void save() {
		if (!this.portion.isEmpty()) {
			this.databases.useOrCreate(this.model, (database) -> save(database, List.copyOf(this.portion)));
		}
		this.portion.clear();
		this.portionBytes = 0;
	}

	private boolean save(SqliteDatabase database, List<CacheEntry> entries) {
		CompressionDictionary dictionary = database.dictionary();
		List<EntryRow> rows = entries.stream()
			.map((entry) -> EntryRow.of(entry, this.codec, dictionary, true))
			.toList();
		database.write(this.portionBytes, (writer) -> {
			for (EntryRow row : rows) {
				rescue(writer, row);
			}
			return true;
		});
		database.saved(rows.size());
		return true;
	}

	private static void rescue(EntryWriter writer, EntryRow row) throws SQLException {
		try {
			writer.rescue(row);
		}
		catch (CacheStoreException ex) {
			// What is there is as large as it may be
			logger.debug("An entry was left as it is", ex);
		}
	}

}
