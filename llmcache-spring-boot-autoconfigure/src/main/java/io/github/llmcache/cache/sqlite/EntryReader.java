package io.github.llmcache.cache.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.EntryCodec;
import org.jspecify.annotations.Nullable;

/**
 * Finds entries. Has a connection of its own and keeps its statements. Used by one thread
 * at a time.
 */
final class EntryReader implements AutoCloseable {

	private static final String COLUMNS = "fingerprint, key, format, namespace, expires_at, payload";

	/**
	 * How many keys a statement takes: a few fixed numbers, for which a statement can be
	 * used again.
	 */
	private static final int[] BATCHES = { 512, 64, 8 };

	private final Connection connection;

	private final EntryCodec codec;

	private final PreparedStatement selectOne;

	private final @Nullable PreparedStatement[] selectMany = new PreparedStatement[BATCHES.length];

	EntryReader(Connection connection, EntryCodec codec) throws SQLException {
		this.connection = connection;
		this.codec = codec;
		try {
			this.selectOne = connection.prepareStatement("SELECT " + COLUMNS + " FROM entry WHERE fingerprint = ?");
		}
		catch (SQLException ex) {
			Connections.close(connection);
			throw ex;
		}
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
	 * Find entries, all as of the same moment.
	 * @param keys the keys, all of this file's model and each once
	 * @return the entries that there are
	 * @throws SQLException if SQLite fails
	 */
	Map<CacheKey, StoredEntry> findAll(List<CacheKey> keys) throws SQLException {
		Map<CacheKey, StoredEntry> found = new HashMap<>();
		this.connection.setAutoCommit(false);
		int from = 0;
		for (int i = 0; i < BATCHES.length; i++) {
			// The last batch may be a small part only
			while (keys.size() - from >= BATCHES[i] || i == BATCHES.length - 1 && keys.size() - from > 1) {
				int to = Math.min(keys.size(), from + BATCHES[i]);
				find(keys.subList(from, to), i, found);
				from = to;
			}
		}
		if (from < keys.size()) {
			StoredEntry entry = find(keys.get(from));
			if (entry != null) {
				found.put(keys.get(from), entry);
			}
		}
		this.connection.setAutoCommit(true);
		return found;
	}

	private void find(List<CacheKey> keys, int batch, Map<CacheKey, StoredEntry> found) throws SQLException {
		PreparedStatement statement = selectMany(batch);
		Map<Long, List<CacheKey>> byFingerprint = new HashMap<>();
		for (int i = 0; i < BATCHES[batch]; i++) {
			long fingerprint = keys.get(Math.min(i, keys.size() - 1)).fingerprint();
			statement.setLong(i + 1, fingerprint);
		}
		for (CacheKey key : keys) {
			byFingerprint.computeIfAbsent(key.fingerprint(), (fingerprint) -> new ArrayList<>(1)).add(key);
		}
		try (ResultSet row = statement.executeQuery()) {
			while (row.next()) {
				for (CacheKey key : byFingerprint.getOrDefault(row.getLong(1), List.of())) {
					if (matches(key, row)) {
						found.put(key, entry(key, row));
					}
				}
			}
		}
	}

	/**
	 * Return whether a candidate is the one. Only here is the key's own hash needed.
	 */
	private static boolean matches(CacheKey key, ResultSet row) throws SQLException {
		byte[] hash = row.getBytes(2);
		return hash != null && key.matches(hash);
	}

	private PreparedStatement selectMany(int batch) throws SQLException {
		PreparedStatement statement = this.selectMany[batch];
		if (statement == null) {
			String parameters = String.join(", ", Collections.nCopies(BATCHES[batch], "?"));
			statement = this.connection
				.prepareStatement("SELECT " + COLUMNS + " FROM entry WHERE fingerprint IN (" + parameters + ")");
			this.selectMany[batch] = statement;
		}
		return statement;
	}

	private StoredEntry entry(CacheKey key, ResultSet row) throws SQLException {
		return new SqliteStoredEntry(this.codec, key, row.getObject(3), row.getObject(4), row.getObject(5),
				row.getObject(6));
	}

	@Override
	public void close() {
		Connections.close(this.connection);
	}

}
