package io.github.llmcache.cache.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Changes entries within transactions that its user begins and commits. Has a connection
 * of its own and keeps its statements. Used by one thread only.
 */
final class EntryWriter implements AutoCloseable {

	private static final String DETAILS = """
			INSERT OR REPLACE INTO entry_details (entry, bytes, newest_at, created_at, expires_at, fingerprint, key, samples,
			  cost_nanos, namespace, finish_reason, hashes)
			VALUES (coalesce(?, last_insert_rowid()), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

	/** Neither reads nor changes a page with payloads: the index has the ids. */
	private static final String TOUCH = """
			INSERT INTO entry_use (entry, last_used)
			  SELECT entry, ? FROM entry_details
			    WHERE entry IN (SELECT id FROM entry WHERE fingerprint = ?) AND key = ?
			ON CONFLICT (entry) DO UPDATE SET last_used = excluded.last_used WHERE excluded.last_used > last_used""";

	/** Four times what is copied into the database at once: usually it is less. */
	private static final long MAX_LOG_PAGES = 4L * Connections.CHECKPOINT_PAGES;

	/** Long enough for a reader, and not too long for writers. */
	private static final long RESTART_MILLIS = 50;

	private final Connection connection;

	private final Dictionaries dictionaries;

	private final PreparedStatement insert;

	private final PreparedStatement update;

	private final PreparedStatement details;

	private final PreparedStatement select;

	private final PreparedStatement delete;

	private final PreparedStatement deleteById;

	private final PreparedStatement touch;

	EntryWriter(Connection connection, Dictionaries dictionaries) throws SQLException {
		this.connection = connection;
		this.dictionaries = dictionaries;
		try {
			this.insert = connection.prepareStatement(
					"INSERT INTO entry (cost_nanos, payload, request, fingerprint, key) VALUES (?, ?, ?, ?, ?)");
			this.update = connection
				.prepareStatement("UPDATE entry SET cost_nanos = ?, payload = ?, request = ? WHERE id = ?");
			this.details = connection.prepareStatement(DETAILS);
			this.select = connection
				.prepareStatement("SELECT id, " + EntryReader.bounded("key", dictionaries.codec()) + ", "
						+ EntryReader.bounded("payload", dictionaries.codec()) + " FROM entry WHERE fingerprint = ?");
			this.delete = connection.prepareStatement("DELETE FROM entry WHERE fingerprint = ? AND key = ?");
			this.deleteById = connection.prepareStatement("DELETE FROM entry WHERE id = ?");
			this.touch = connection.prepareStatement(TOUCH);
		}
		catch (SQLException ex) {
			Connections.close(connection);
			throw ex;
		}
	}

	/**
	 * Return the connection, for statements that are too rare to be prepared.
	 */
	Connection connection() {
		return this.connection;
	}

	void begin() throws SQLException {
		this.connection.setAutoCommit(false);
	}

	void commit() throws SQLException {
		this.connection.setAutoCommit(true);
	}

	void put(EntryRow row) throws SQLException {
		Stored stored = find(row.key());
		put(row, (stored != null) ? stored.id() : null);
	}

	private void put(EntryRow row, @Nullable Long id) throws SQLException {
		PreparedStatement statement = (id != null) ? this.update : this.insert;
		EntryRow.RequestRow request = row.request();
		setLong(statement, 1, row.costNanos());
		statement.setBytes(2, row.payload());
		statement.setBytes(3, (request != null) ? request.body() : null);
		if (id != null) {
			statement.setLong(4, id);
		}
		else {
			statement.setLong(4, row.key().fingerprint());
			statement.setBytes(5, row.key().toBytes());
		}
		statement.executeUpdate();
		putDetails(row, id);
	}

	private void putDetails(EntryRow row, @Nullable Long id) throws SQLException {
		CachedResponse first = row.first();
		Instant expiresAt = row.entry().expiresAt();
		EntryRow.RequestRow request = row.request();
		setLong(this.details, 1, id);
		this.details.setLong(2, row.bytes());
		this.details.setLong(3, row.newestAt().toEpochMilli());
		this.details.setLong(4, first.createdAt().toEpochMilli());
		setLong(this.details, 5, (expiresAt != null) ? expiresAt.toEpochMilli() : null);
		this.details.setLong(6, row.key().fingerprint());
		this.details.setBytes(7, row.key().toBytes());
		this.details.setInt(8, row.entry().samples());
		setLong(this.details, 9, row.costNanos());
		this.details.setString(10, StoredText.encode(row.entry().namespace()));
		this.details.setString(11, StoredText.encode(first.finishReason()));
		this.details.setBytes(12, (request != null) ? StoredHashes.encode(request.hashes()) : null);
		this.details.executeUpdate();
	}

	/**
	 * Add responses to those that are stored. Atomic, because the transaction has taken
	 * the lock for writing before it reads.
	 * @param row the responses to add
	 * @throws SQLException if SQLite fails
	 * @throws io.github.llmcache.cache.CacheStoreException if the entry would become too
	 * large, in which case it is left as it was
	 */
	void append(EntryRow row) throws SQLException {
		append(row, false);
	}

	/**
	 * Add responses to those that are stored, but for those that are stored already.
	 * @param row the responses to add, which may have been added before
	 * @throws SQLException if SQLite fails
	 * @throws io.github.llmcache.cache.CacheStoreException if the entry would become too
	 * large, in which case it is left as it was
	 */
	void appendAgain(EntryRow row) throws SQLException {
		append(row, true);
	}

	private void append(EntryRow row, boolean again) throws SQLException {
		Stored stored = find(row.key());
		CacheEntry entry = (stored != null) ? read(row.key(), stored) : null;
		if (stored == null || entry == null || isExpired(entry, row.first().createdAt())) {
			put(row, (stored != null) ? stored.id() : null);
			return;
		}
		List<CachedResponse> all = new ArrayList<>(entry.responses());
		for (CachedResponse response : row.responses()) {
			if (!again || !all.contains(response)) {
				all.add(response);
			}
		}
		put(row.with(all, earlier(entry.expiresAt(), row.entry().expiresAt()), this.dictionaries.codec()), stored.id());
	}

	/**
	 * Store an entry unless there is one. Otherwise add those of its responses that are
	 * not stored, after those that are: what was stored since is newer.
	 * @param row the entry, as it was rescued
	 * @throws SQLException if SQLite fails
	 * @throws io.github.llmcache.cache.CacheStoreException if the entry would become too
	 * large, in which case it is left as it was
	 */
	void rescue(EntryRow row) throws SQLException {
		Stored stored = find(row.key());
		CacheEntry entry = (stored != null) ? read(row.key(), stored) : null;
		if (stored == null || entry == null) {
			put(row, (stored != null) ? stored.id() : null);
			return;
		}
		Set<CachedResponse> all = new LinkedHashSet<>(entry.responses());
		if (all.addAll(row.responses())) {
			put(row.with(List.copyOf(all), earlier(entry.expiresAt(), row.entry().expiresAt()),
					this.dictionaries.codec()), stored.id());
		}
	}

	private static boolean isExpired(CacheEntry entry, Instant time) {
		Instant expiresAt = entry.expiresAt();
		return expiresAt != null && !time.isBefore(expiresAt);
	}

	private static @Nullable Instant earlier(@Nullable Instant first, @Nullable Instant second) {
		if (first == null || second == null) {
			return (first != null) ? first : second;
		}
		return first.isBefore(second) ? first : second;
	}

	private @Nullable Stored find(CacheKey key) throws SQLException {
		this.select.setLong(1, key.fingerprint());
		try (ResultSet row = this.select.executeQuery()) {
			while (row.next()) {
				byte[] hash = row.getBytes(2);
				if (hash != null && key.matches(hash)) {
					return new Stored(row.getLong(1), row.getObject(3));
				}
			}
			return null;
		}
	}

	/**
	 * Delete an entry.
	 * @param key its key
	 * @return how many there were: one or none
	 * @throws SQLException if SQLite fails
	 */
	long delete(CacheKey key) throws SQLException {
		this.delete.setLong(1, key.fingerprint());
		this.delete.setBytes(2, key.toBytes());
		return this.delete.executeLargeUpdate();
	}

	/**
	 * Delete an entry.
	 * @param id the number of its row
	 * @return how many there were: one or none
	 * @throws SQLException if SQLite fails
	 */
	long deleteById(long id) throws SQLException {
		this.deleteById.setLong(1, id);
		return this.deleteById.executeLargeUpdate();
	}

	/**
	 * Record when an entry was last used, if that is later than what is recorded.
	 * @param use the key and the time
	 * @return how many entries have changed: one or none
	 * @throws SQLException if SQLite fails
	 */
	long touch(Map.Entry<CacheKey, Instant> use) throws SQLException {
		this.touch.setLong(1, milliseconds(use.getValue()));
		this.touch.setLong(2, use.getKey().fingerprint());
		this.touch.setBytes(3, use.getKey().toBytes());
		return this.touch.executeLargeUpdate();
	}

	private static long milliseconds(Instant time) {
		try {
			return time.toEpochMilli();
		}
		catch (ArithmeticException ex) {
			return (time.getEpochSecond() < 0) ? Long.MIN_VALUE : Long.MAX_VALUE;
		}
	}

	/**
	 * Give some of the space that has become free back to the file system.
	 * @param pages the most pages
	 * @throws SQLException if SQLite fails
	 */
	void vacuum(int pages) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			// As an update, which runs to its end: each step frees one page
			statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
		}
	}

	/**
	 * Copy what has been committed into the database file, as far as nobody is in the
	 * way. Not within a transaction.
	 */
	void checkpoint() throws SQLException {
		Connections.pragma(this.connection, "wal_checkpoint(PASSIVE)");
	}

	/**
	 * Copy what has been committed into the database file, and begin the write-ahead log
	 * anew if it has become large: as long as one reader begins before another one ends,
	 * it is only appended to. Then everybody who writes waits for those who read, but not
	 * for long. Not within a transaction.
	 */
	void boundLog() throws SQLException {
		if (logPages() > MAX_LOG_PAGES) {
			checkpoint("RESTART", RESTART_MILLIS);
		}
	}

	private long logPages() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
			return row.next() ? row.getLong(2) : 0;
		}
	}

	private void checkpoint(String mode, long millis) throws SQLException {
		long busyTimeout = Connections.pragma(this.connection, "busy_timeout");
		Connections.pragma(this.connection, "busy_timeout = " + millis);
		try {
			Connections.pragma(this.connection, "wal_checkpoint(" + mode + ")");
		}
		finally {
			Connections.pragma(this.connection, "busy_timeout = " + busyTimeout);
		}
	}

	/**
	 * Copy what has been committed into the database file and empty the write-ahead log,
	 * unless somebody is in the way: nobody is waited for. Not within a transaction.
	 */
	void truncateLog() throws SQLException {
		checkpoint("TRUNCATE", 0);
	}

	@Override
	public void close() {
		Connections.close(this.connection);
	}

	private static void setLong(PreparedStatement statement, int index, @Nullable Long value) throws SQLException {
		if (value != null) {
			statement.setLong(index, value);
		}
		else {
			statement.setNull(index, Types.INTEGER);
		}
	}

	/**
	 * Read an entry. Returns {@code null} if it cannot be read: then it can only be
	 * replaced.
	 */
	private @Nullable CacheEntry read(CacheKey key, Stored stored) throws SQLException {
		if (!(stored.payload() instanceof byte[] payload)) {
			return null;
		}
		try {
			return this.dictionaries.codec().decode(key, payload, this.dictionaries.find(payload, this.connection));
		}
		catch (UnreadableEntryException ex) {
			return null;
		}
	}

	/**
	 * An entry that is stored, with its payload as SQLite holds it.
	 */
	private record Stored(long id, @Nullable Object payload) {
	}

}
