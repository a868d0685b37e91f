package io.github.llmcache.cache.sqlite;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.EntryDetails;
import io.github.llmcache.cache.RequestHashes;
import org.jspecify.annotations.Nullable;

/**
 * The details in the row that a result is at. Each column is read when it is asked for,
 * which costs more than going on to the next row.
 */
final class DetailsRow implements EntryDetails {

	static final String COLUMNS = "entry_details.entry, bytes, max(newest_at, coalesce(last_used, newest_at)),"
			+ " fingerprint, key, " + bounded("namespace") + ", created_at, expires_at, samples, cost_nanos, "
			+ bounded("finish_reason") + ", " + bounded("hashes")
			+ " FROM entry_details LEFT JOIN entry_use ON entry_use.entry = entry_details.entry";

	/** More than any name, and the hashes of more messages than a request has. */
	private static final int MAX_LENGTH = 1024 * 1024;

	private final String model;

	private final Path file;

	private final SqliteFailures failures;

	private final ResultSet row;

	DetailsRow(String model, Path file, SqliteFailures failures, ResultSet row) {
		this.model = model;
		this.file = file;
		this.failures = failures;
		this.row = row;
	}

	private static String bounded(String column) {
		return "CASE WHEN octet_length(" + column + ") <= " + MAX_LENGTH + " THEN " + column + " END";
	}

	@Override
	public CacheKey key() {
		return read((row) -> CacheKey.of(this.model, row.getLong(4), row.getBytes(5)));
	}

	@Override
	public long bytes() {
		return read((row) -> row.getLong(2));
	}

	@Override
	public Instant lastUsed() {
		return read((row) -> Instant.ofEpochMilli(row.getLong(3)));
	}

	@Override
	public @Nullable Facts facts() {
		return read((row) -> Optional.ofNullable(facts(row))).orElse(null);
	}

	private static @Nullable Facts facts(ResultSet row) throws SQLException {
		String namespace = row.getString(6);
		String finishReason = row.getString(11);
		if (namespace == null || finishReason == null) {
			return null;
		}
		try {
			Long expiresAt = nullable(row, 8);
			return new Facts(StoredText.decode(namespace), Instant.ofEpochMilli(row.getLong(7)),
					(expiresAt != null) ? Instant.ofEpochMilli(expiresAt) : null, row.getInt(9), nullable(row, 10),
					StoredText.decode(finishReason));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	@Override
	public @Nullable RequestHashes hashes() {
		return read((row) -> Optional.ofNullable(hashes(row))).orElse(null);
	}

	private static @Nullable RequestHashes hashes(ResultSet row) throws SQLException {
		byte[] hashes = row.getBytes(12);
		try {
			return (hashes != null) ? StoredHashes.decode(hashes) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static @Nullable Long nullable(ResultSet row, int column) throws SQLException {
		long value = row.getLong(column);
		return row.wasNull() ? null : value;
	}

	private <T> T read(Column<T> column) {
		try {
			return column.read(this.row);
		}
		catch (SQLException ex) {
			throw this.failures.translate(this.file, ex);
		}
	}

	@Override
	public String toString() {
		return "DetailsRow[" + this.model + "]";
	}

	@FunctionalInterface
	private interface Column<T> {

		T read(ResultSet row) throws SQLException;

	}

}
