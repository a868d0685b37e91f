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
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Changes entries within transactions that its user begins and commits. Has a connection
 * of its own and keeps its statements. Used by one thread only.
 */
final class EntryWriter implements AutoCloseable {

	private static final String UPSERT_ENTRY = """
			INSERT INTO entry (key, namespace, format, created_at, expires_at, samples, cost_nanos, input_tokens,
			  output_tokens, finish_reason, payload)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET namespace = excluded.namespace, format = excluded.format,
			  created_at = excluded.created_at, expires_at = excluded.expires_at, samples = excluded.samples,
			  cost_nanos = excluded.cost_nanos, input_tokens = excluded.input_tokens,
			  output_tokens = excluded.output_tokens, finish_reason = excluded.finish_reason,
			  payload = excluded.payload""";

	private static final String UPSERT_REQUEST = """
			INSERT INTO request (entry, parameters_hash, message_hashes, body)
			SELECT id, ?, ?, ? FROM entry WHERE key = ?
			ON CONFLICT (entry) DO UPDATE SET parameters_hash = excluded.parameters_hash,
			  message_hashes = excluded.message_hashes, body = excluded.body""";

	private final Connection connection;

	private final EntryCodec codec;

	private final PreparedStatement upsertEntry;

	private final PreparedStatement upsertRequest;

	private final PreparedStatement select;

	private final PreparedStatement delete;

	EntryWriter(Connection connection, EntryCodec codec) throws SQLException {
		this.connection = connection;
		this.codec = codec;
		try {
			this.upsertEntry = connection.prepareStatement(UPSERT_ENTRY);
			this.upsertRequest = connection.prepareStatement(UPSERT_REQUEST);
			this.select = connection.prepareStatement("SELECT format, payload FROM entry WHERE key = ?");
			this.delete = connection.prepareStatement("DELETE FROM entry WHERE key = ?");
		}
		catch (SQLException ex) {
			Connections.close(connection);
			throw ex;
		}
	}

	void begin() throws SQLException {
		this.connection.setAutoCommit(false);
	}

	void commit() throws SQLException {
		this.connection.setAutoCommit(true);
	}

	void put(EntryRow row) throws SQLException {
		PreparedStatement statement = this.upsertEntry;
		CachedResponse first = row.first();
		Instant expiresAt = row.expiresAt();
		statement.setBytes(1, row.key().toBytes());
		statement.setString(2, row.namespace());
		statement.setInt(3, EntryCodec.FORMAT);
		statement.setLong(4, first.createdAt().toEpochMilli());
		setLong(statement, 5, (expiresAt != null) ? expiresAt.toEpochMilli() : null);
		statement.setInt(6, row.samples());
		setLong(statement, 7, row.costNanos());
		statement.setLong(8, row.inputTokens());
		statement.setLong(9, row.outputTokens());
		statement.setString(10, StoredText.encode(first.finishReason()));
		statement.setBytes(11, row.payload());
		statement.executeUpdate();
		EntryRow.RequestRow request = row.request();
		if (request != null) {
			put(row.key(), request);
		}
	}

	private void put(CacheKey key, EntryRow.RequestRow request) throws SQLException {
		PreparedStatement statement = this.upsertRequest;
		statement.setBytes(1, request.parametersHash());
		statement.setBytes(2, request.messageHashes());
		statement.setBytes(3, request.body());
		statement.setBytes(4, key.toBytes());
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
		List<CachedResponse> stored = responses(row.key());
		if (stored == null) {
			put(row);
			return;
		}
		List<CachedResponse> responses = new ArrayList<>(stored);
		responses.addAll(row.responses());
		put(row.with(responses, this.codec));
	}

	private @Nullable List<CachedResponse> responses(CacheKey key) throws SQLException {
		this.select.setBytes(1, key.toBytes());
		try (ResultSet row = this.select.executeQuery()) {
			if (row.next() && row.getObject(1) instanceof Integer format
					&& row.getObject(2) instanceof byte[] payload) {
				return this.codec.decode(format, payload);
			}
			return null;
		}
		catch (UnreadableEntryException ex) {
			// It can only be replaced
			return null;
		}
	}

	long delete(List<CacheKey> keys) throws SQLException {
		long deleted = 0;
		for (CacheKey key : keys) {
			this.delete.setBytes(1, key.toBytes());
			deleted += this.delete.executeLargeUpdate();
		}
		return deleted;
	}

	long deleteAll() throws SQLException {
		long deleted;
		try (Statement requests = this.connection.createStatement();
				PreparedStatement entries = this.connection.prepareStatement("DELETE FROM entry")) {
			// First, which is faster than the trigger's one by one
			requests.executeUpdate("DELETE FROM request");
			deleted = entries.executeLargeUpdate();
		}
		vacuum();
		return deleted;
	}

	long deleteNamespace(String namespace) throws SQLException {
		long deleted;
		try (PreparedStatement statement = this.connection.prepareStatement("DELETE FROM entry WHERE namespace = ?")) {
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

}
