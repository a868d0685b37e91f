package io.github.llmcache.cache.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Changes entries within transactions that its user begins and commits. Has a connection
 * of its own and keeps its statements. Used by one thread only.
 */
final class EntryWriter implements AutoCloseable {

	private static final String INSERT = """
			INSERT INTO entry (fingerprint, key, namespace, created_at, expires_at, samples, cost_nanos, input_tokens,
			  output_tokens, finish_reason, payload, parameters_hash, message_hashes, request)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

	private static final String UPDATE = """
			UPDATE entry SET fingerprint = ?, key = ?, namespace = ?, created_at = ?, expires_at = ?, samples = ?,
			  cost_nanos = ?, input_tokens = ?, output_tokens = ?, finish_reason = ?, payload = ?, parameters_hash = ?,
			  message_hashes = ?, request = ?
			WHERE id = ?""";

	private static final int ID_PARAMETER = 15;

	private final Connection connection;

	private final Dictionaries dictionaries;

	private final PreparedStatement insert;

	private final PreparedStatement update;

	private final PreparedStatement select;

	private final PreparedStatement delete;

	EntryWriter(Connection connection, Dictionaries dictionaries) throws SQLException {
		this.connection = connection;
		this.dictionaries = dictionaries;
		try {
			this.insert = connection.prepareStatement(INSERT);
			this.update = connection.prepareStatement(UPDATE);
			this.select = connection.prepareStatement("SELECT id, key, payload FROM entry WHERE fingerprint = ?");
			this.delete = connection.prepareStatement("DELETE FROM entry WHERE fingerprint = ? AND key = ?");
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
		CachedResponse first = row.first();
		Instant expiresAt = row.entry().expiresAt();
		statement.setLong(1, row.key().fingerprint());
		statement.setBytes(2, row.key().toBytes());
		statement.setString(3, StoredText.encode(row.entry().namespace()));
		statement.setLong(4, first.createdAt().toEpochMilli());
		setLong(statement, 5, (expiresAt != null) ? expiresAt.toEpochMilli() : null);
		statement.setInt(6, row.samples());
		setLong(statement, 7, row.costNanos());
		statement.setLong(8, row.inputTokens());
		statement.setLong(9, row.outputTokens());
		statement.setString(10, StoredText.encode(first.finishReason()));
		statement.setBytes(11, row.payload());
		EntryRow.RequestRow request = row.request();
		statement.setBytes(12, (request != null) ? request.hashes().parameters() : null);
		statement.setBytes(13, (request != null) ? request.hashes().messages() : null);
		statement.setBytes(14, (request != null) ? request.body() : null);
		if (id != null) {
			statement.setLong(ID_PARAMETER, id);
		}
		statement.executeUpdate();
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
		Stored stored = find(row.key());
		List<CachedResponse> responses = (stored != null) ? responses(row.key(), stored) : List.of();
		if (stored == null || responses.isEmpty()) {
			put(row, (stored != null) ? stored.id() : null);
			return;
		}
		List<CachedResponse> all = new ArrayList<>(responses);
		all.addAll(row.responses());
		put(row.with(all, this.dictionaries.codec()), stored.id());
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

	long delete(List<CacheKey> keys) throws SQLException {
		long deleted = 0;
		for (CacheKey key : keys) {
			this.delete.setLong(1, key.fingerprint());
			this.delete.setBytes(2, key.toBytes());
			deleted += this.delete.executeLargeUpdate();
		}
		return deleted;
	}

	long deleteAll() throws SQLException {
		long deleted;
		try (Statement statement = this.connection.createStatement()) {
			deleted = statement.executeLargeUpdate("DELETE FROM entry");
		}
		vacuum();
		return deleted;
	}

	long deleteNamespace(String namespace) throws SQLException {
		long deleted;
		try (PreparedStatement statement = this.connection
			.prepareStatement("DELETE FROM entry WHERE " + Schema.namespaceCondition(namespace))) {
			statement.setString(1, StoredText.encode(namespace));
			deleted = statement.executeLargeUpdate();
		}
		vacuum();
		return deleted;
	}

	/**
	 * Give the space that has become free back to the file system.
	 */
	private void vacuum() throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			// As an update, which runs to its end: each step frees one page
			statement.executeUpdate("PRAGMA incremental_vacuum");
		}
	}

	/**
	 * Copy what has been committed into the database file, as far as nobody is in the
	 * way. Not within a transaction.
	 */
	void checkpoint() throws SQLException {
		pragma("wal_checkpoint(PASSIVE)");
	}

	/**
	 * Copy what has been committed into the database file and empty the write-ahead log,
	 * unless somebody is in the way: nobody is waited for. Not within a transaction.
	 */
	void truncateLog() throws SQLException {
		int busyTimeout = pragma("busy_timeout");
		pragma("busy_timeout = 0");
		try {
			pragma("wal_checkpoint(TRUNCATE)");
		}
		finally {
			pragma("busy_timeout = " + busyTimeout);
		}
	}

	private int pragma(String pragma) throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet result = statement.executeQuery("PRAGMA " + pragma)) {
			return result.next() ? result.getInt(1) : 0;
		}
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
	 * Return the responses of an entry, none if they cannot be read: then they can only
	 * be replaced.
	 */
	private List<CachedResponse> responses(CacheKey key, Stored stored) throws SQLException {
		if (!(stored.payload() instanceof byte[] payload)) {
			return List.of();
		}
		try {
			return this.dictionaries.codec()
				.decode(key, payload, this.dictionaries.find(payload, this.connection))
				.responses();
		}
		catch (UnreadableEntryException ex) {
			return List.of();
		}
	}

	/**
	 * An entry that is stored, with its payload as SQLite holds it.
	 */
	private record Stored(long id, @Nullable Object payload) {
	}

}
