package io.github.llmcache.cache.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.EntryCodec;
import org.jspecify.annotations.Nullable;

/**
 * Finds entries. Has a connection of its own and keeps its statements. Used by one thread
 * at a time.
 */
final class EntryReader implements AutoCloseable {

	/** More than anything takes beside the bodies, compressed or not. */
	private static final long OVERHEAD = 4 * 1024 * 1024;

	/**
	 * How many keys a statement takes: a few fixed numbers, for which a statement can be
	 * used again.
	 */
	private static final int[] BATCHES = { 512, 64, 8 };

	private final Connection connection;

	private final Dictionaries dictionaries;

	private final PreparedStatement selectOne;

	private final @Nullable PreparedStatement[] selectMany = new PreparedStatement[BATCHES.length];

	private @Nullable PreparedStatement selectWithRequest;

	EntryReader(Connection connection, Dictionaries dictionaries) throws SQLException {
		this.connection = connection;
		this.dictionaries = dictionaries;
		try {
			this.selectOne = connection.prepareStatement("SELECT " + columns() + " FROM entry WHERE fingerprint = ?");
		}
		catch (SQLException ex) {
			Connections.close(connection);
			throw ex;
		}
	}

	/**
	 * Return what a lookup needs: as few columns as possible, for the driver asks for the
	 * name of each.
	 */
	private String columns() {
		return bounded("key", codec()) + ", " + bounded("payload", codec());
	}

	/**
	 * Return all that is stored of an entry, and where it is.
	 */
	String allColumns() {
		return allColumns(codec());
	}

	/**
	 * Return all that is stored of an entry, and where it is.
	 * @param codec says how much an entry may have
	 */
	static String allColumns(EntryCodec codec) {
		return "id, entry.fingerprint, " + bounded("entry.key", codec) + ", " + bounded("payload", codec) + ", "
				+ bounded("request", codec) + ", " + bounded("hashes", codec)
				+ " FROM entry LEFT JOIN entry_details ON entry = id";
	}

	/**
	 * Return a column that is null if it holds more than an entry may have, whoever has
	 * written it: SQLite knows how long it is without reading it.
	 */
	static String bounded(String column, EntryCodec codec) {
		return "CASE WHEN octet_length(" + column + ") <= " + (codec.maxEntrySize() / 2 * 3 + OVERHEAD) + " THEN "
				+ column + " END";
	}

	/**
	 * Return the connection, for queries that are too rare to be prepared.
	 */
	Connection connection() {
		return this.connection;
	}

	EntryCodec codec() {
		return this.dictionaries.codec();
	}

	/**
	 * Return the id of the last row.
	 * @return the id, 0 if there is none
	 * @throws SQLException if SQLite fails
	 */
	long lastId() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT max(id) FROM entry")) {
			row.next();
			return row.getLong(1);
		}
	}

	/**
	 * Find the dictionary that an entry needs.
	 * @param payload the payload of the entry as SQLite holds it
	 * @return the dictionary, or {@code null} if none is needed or there is none
	 * @throws SQLException if SQLite fails
	 */
	@Nullable CompressionDictionary dictionary(@Nullable Object payload) throws SQLException {
		return (payload instanceof byte[] bytes) ? this.dictionaries.find(bytes, this.connection) : null;
	}

	@Nullable StoredEntry find(CacheKey key) throws SQLException {
		this.selectOne.setLong(1, key.fingerprint());
		try (ResultSet row = this.selectOne.executeQuery()) {
			while (row.next()) {
				if (matches(key, row)) {
					return entry(key, row);
				}
			}
			return null;
		}
	}

	/**
	 * Find an entry, and what was asked.
	 * @param key the key
	 * @return the entry, or {@code null} if there is none
	 * @throws SQLException if SQLite fails
	 */
	@Nullable StoredEntry findWithRequest(CacheKey key) throws SQLException {
		PreparedStatement select = selectWithRequest();
		select.setLong(1, key.fingerprint());
		try (ResultSet row = select.executeQuery()) {
			while (row.next()) {
				byte[] hash = row.getBytes(3);
				if (hash != null && key.matches(hash)) {
					return scanned(key.model(), row);
				}
			}
			return null;
		}
	}

	private PreparedStatement selectWithRequest() throws SQLException {
		PreparedStatement statement = this.selectWithRequest;
		if (statement == null) {
			statement = this.connection.prepareStatement("SELECT " + allColumns() + " WHERE entry.fingerprint = ?");
			this.selectWithRequest = statement;
		}
		return statement;
	}

	/**
	 * Take an entry from a row of {@link #allColumns()}.
	 * @param model the model's id
	 * @param row the row
	 * @return the entry
	 * @throws SQLException if SQLite fails
	 */
	ScannedEntry scanned(String model, ResultSet row) throws SQLException {
		Object payload = row.getObject(4);
		return new ScannedEntry(codec(), model, row.getLong(2), row.getObject(3), payload, row.getObject(5),
				row.getObject(6), dictionary(payload));
	}

	/**
	 * Find entries, all as of the same moment.
	 * @param keys the keys, all of this file's model
	 * @return the entries that there are
	 * @throws SQLException if SQLite fails
	 */
	Map<CacheKey, StoredEntry> findAll(List<CacheKey> keys) throws SQLException {
		Map<CacheKey, StoredEntry> found = new HashMap<>();
		CacheKey[] sorted = keys.toArray(CacheKey[]::new);
		// In the order of the index, in which rows come, too
		Arrays.sort(sorted, Comparator.comparingLong(CacheKey::fingerprint));
		this.connection.setAutoCommit(false);
		int from = 0;
		for (int i = 0; i < BATCHES.length; i++) {
			// The last batch may be a small part only
			while (sorted.length - from >= BATCHES[i] || i == BATCHES.length - 1 && sorted.length - from > 1) {
				int to = Math.min(sorted.length, from + BATCHES[i]);
				find(sorted, from, to, i, found);
				from = to;
			}
		}
		if (from < sorted.length) {
			StoredEntry entry = find(sorted[from]);
			if (entry != null) {
				found.put(sorted[from], entry);
			}
		}
		this.connection.setAutoCommit(true);
		return found;
	}

	private void find(CacheKey[] keys, int from, int to, int batch, Map<CacheKey, StoredEntry> found)
			throws SQLException {
		PreparedStatement statement = selectMany(batch);
		for (int i = 0; i < BATCHES[batch]; i++) {
			statement.setLong(i + 1, keys[Math.min(from + i, to - 1)].fingerprint());
		}
		try (ResultSet row = statement.executeQuery()) {
			while (row.next()) {
				long fingerprint = row.getLong(3);
				for (int i = first(keys, from, to, fingerprint); i < to && keys[i].fingerprint() == fingerprint; i++) {
					if (matches(keys[i], row)) {
						found.put(keys[i], entry(keys[i], row));
					}
				}
			}
		}
	}

	/**
	 * Return where the first key with a fingerprint is, or would be.
	 */
	private static int first(CacheKey[] keys, int from, int to, long fingerprint) {
		int low = from;
		int high = to;
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (keys[middle].fingerprint() < fingerprint) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	/**
	 * Return whether a candidate is the one. Only here is the key's own hash needed.
	 */
	private static boolean matches(CacheKey key, ResultSet row) throws SQLException {
		byte[] hash = row.getBytes(1);
		return hash != null && key.matches(hash);
	}

	private PreparedStatement selectMany(int batch) throws SQLException {
		PreparedStatement statement = this.selectMany[batch];
		if (statement == null) {
			String parameters = String.join(", ", Collections.nCopies(BATCHES[batch], "?"));
			statement = this.connection.prepareStatement(
					"SELECT " + columns() + ", fingerprint FROM entry WHERE fingerprint IN (" + parameters + ")");
			this.selectMany[batch] = statement;
		}
		return statement;
	}

	private StoredEntry entry(CacheKey key, ResultSet row) throws SQLException {
		Object payload = row.getObject(2);
		return new SqliteStoredEntry(codec(), key, payload, dictionary(payload));
	}

	@Override
	public void close() {
		Connections.close(this.connection);
	}

}
