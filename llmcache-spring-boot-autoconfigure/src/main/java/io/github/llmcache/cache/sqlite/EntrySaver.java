package io.github.llmcache.cache.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.StoreFailures;
import org.jspecify.annotations.Nullable;

/**
 * Saves entries: encodes them in the caller's thread and hands them to the writers of
 * their models in portions. An entry that fails keeps no other from being saved.
 */
final class EntrySaver {

	/** How many entries of one call are written in one transaction. */
	private static final int MAX_ROWS = 500;

	private static final long MAX_BYTES = 8 * 1024 * 1024;

	private final SqliteDatabases databases;

	private final EntryCodec codec;

	private final boolean storeRequests;

	EntrySaver(SqliteDatabases databases, EntryCodec codec, boolean storeRequests) {
		this.databases = databases;
		this.codec = codec;
		this.storeRequests = storeRequests;
	}

	/**
	 * Save entries.
	 * @param entries the entries
	 * @param rowWriter writes one of them
	 * @param again writes one of them after the file that it was written to was moved
	 * away: somebody may have copied it into the new one already
	 * @throws CacheStoreException if saving an entry fails
	 */
	void save(List<CacheEntry> entries, RowWriter rowWriter, RowWriter again) {
		Map<String, List<CacheEntry>> byModel = new LinkedHashMap<>();
		for (CacheEntry entry : entries) {
			byModel.computeIfAbsent(entry.key().model(), (model) -> new ArrayList<>()).add(entry);
		}
		StoreFailures failures = new StoreFailures();
		byModel.forEach((model, modelEntries) -> {
			try {
				save(model, modelEntries, rowWriter, again, failures);
			}
			catch (CacheStoreException ex) {
				failures.add(ex);
			}
		});
		failures.throwFirst();
	}

	private void save(String model, List<CacheEntry> entries, RowWriter rowWriter, RowWriter again,
			StoreFailures failures) {
		Iterator<RowWriter> attempts = Stream.concat(Stream.of(rowWriter), Stream.generate(() -> again)).iterator();
		this.databases.useOrCreate(model, (database) -> {
			save(database, entries, attempts.next(), failures);
			return true;
		});
	}

	private void save(SqliteDatabase database, List<CacheEntry> entries, RowWriter rowWriter, StoreFailures failures) {
		CompressionDictionary dictionary = database.dictionary();
		List<EntryRow> portion = new ArrayList<>();
		long size = 0;
		for (CacheEntry entry : entries) {
			EntryRow row = encode(entry, dictionary, failures);
			if (row == null) {
				continue;
			}
			if (portion.size() >= MAX_ROWS || size + row.size() > MAX_BYTES) {
				write(database, portion, size, rowWriter, failures);
				portion = new ArrayList<>();
				size = 0;
			}
			portion.add(row);
			size += row.size();
		}
		write(database, portion, size, rowWriter, failures);
	}

	private @Nullable EntryRow encode(CacheEntry entry, @Nullable CompressionDictionary dictionary,
			StoreFailures failures) {
		try {
			return EntryRow.of(entry, this.codec, dictionary, this.storeRequests);
		}
		catch (CacheStoreException ex) {
			failures.add(ex);
			return null;
		}
	}

	private static void write(SqliteDatabase database, List<EntryRow> rows, long size, RowWriter rowWriter,
			StoreFailures failures) {
		if (rows.isEmpty()) {
			return;
		}
		List<CacheStoreException> rejected = database.write(size, (writer) -> {
			List<CacheStoreException> exceptions = new ArrayList<>();
			for (EntryRow row : rows) {
				try {
					rowWriter.write(writer, row);
				}
				catch (CacheStoreException ex) {
					exceptions.add(ex);
				}
			}
			return exceptions;
		});
		rejected.forEach(failures::add);
		database.saved(rows.size());
	}

	@FunctionalInterface
	interface RowWriter {

		/**
		 * Write a row.
		 * @param writer the writer
		 * @param row the row
		 * @throws SQLException if SQLite fails
		 * @throws CacheStoreException if the row is not written, and nothing has changed
		 */
		void write(EntryWriter writer, EntryRow row) throws SQLException;

	}

}
