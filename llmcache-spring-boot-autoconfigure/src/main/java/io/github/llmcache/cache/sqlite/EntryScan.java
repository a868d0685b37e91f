package io.github.llmcache.cache.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheStore.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the entries of one model in portions: nothing is open while what was read
 * is used, so that neither the write-ahead log grows nor closing has to wait. Used by one
 * thread.
 */
final class EntryScan {

	private static final int MAX_ROWS = 256;

	private static final long MAX_BYTES = 4 * 1024 * 1024;

	private final SqliteDatabases databases;

	private final String model;

	private long last = Long.MIN_VALUE;

	/** What is added later is not seen, or else who adds might never come to the end. */
	private @Nullable Long end;

	EntryScan(SqliteDatabases databases, String model) {
		this.databases = databases;
		this.model = model;
	}

	void forEach(Consumer<? super StoredEntry> action) {
		List<StoredEntry> portion = next();
		while (!portion.isEmpty()) {
			portion.forEach(action);
			portion = next();
		}
	}

	private List<StoredEntry> next() {
		SqliteDatabase database = this.databases.find(this.model);
		if (database == null) {
			return List.of();
		}
		try {
			return database.read(this::read);
		}
		finally {
			database.release();
		}
	}

	private List<StoredEntry> read(EntryReader reader) throws SQLException {
		List<StoredEntry> portion = new ArrayList<>();
		long bytes = 0;
		if (this.end == null) {
			this.end = reader.lastId();
		}
		try (PreparedStatement select = reader.connection()
			.prepareStatement(
					"SELECT " + reader.allColumns() + " WHERE id > ? AND id <= ? ORDER BY id LIMIT " + MAX_ROWS)) {
			select.setLong(1, this.last);
			select.setLong(2, this.end);
			try (ResultSet row = select.executeQuery()) {
				while (bytes < MAX_BYTES && row.next()) {
					this.last = row.getLong(1);
					ScannedEntry entry = reader.scanned(this.model, row);
					bytes += length(entry.payload()) + length(entry.request());
					portion.add(entry);
				}
			}
		}
		return portion;
	}

	private static long length(@Nullable Object column) {
		return (column instanceof byte[] bytes) ? bytes.length : 0;
	}

}
