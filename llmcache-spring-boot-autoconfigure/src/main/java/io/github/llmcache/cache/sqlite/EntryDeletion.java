package io.github.llmcache.cache.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheKey;
import org.jspecify.annotations.Nullable;

/**
 * Deletes entries of one model, in turns with others that write. Used by one thread.
 */
final class EntryDeletion {

	private static final int MAX_ROWS = 250;

	private final SqliteDatabases databases;

	private final String model;

	private final WriteTurns turns;

	EntryDeletion(SqliteDatabases databases, String model) {
		this.databases = databases;
		this.model = model;
		this.turns = new WriteTurns(databases, model);
	}

	/**
	 * Delete entries by their keys.
	 * @param keys the keys, all of this model
	 * @return how many entries there were
	 */
	long byKeys(List<CacheKey> keys) {
		return this.turns.forEach(keys, EntryWriter::delete);
	}

	/**
	 * Delete the entries that there are now.
	 * @param namespace those of which namespace, or {@code null} for all
	 * @return how many entries there were
	 */
	long all(@Nullable String namespace) {
		long deleted = 0;
		long end = this.databases.use(this.model, Long.MIN_VALUE,
				(database) -> database.read((reader) -> reader.lastId()));
		List<Long> ids = ids(namespace, Long.MIN_VALUE, end);
		while (!ids.isEmpty()) {
			deleted += this.turns.forEach(ids, EntryWriter::deleteById);
			ids = ids(namespace, ids.get(ids.size() - 1), end);
		}
		return deleted;
	}

	private List<Long> ids(@Nullable String namespace, long after, long end) {
		return this.databases.use(this.model, List.<Long>of(),
				(database) -> database.read((reader) -> ids(reader, namespace, after, end)));
	}

	private static List<Long> ids(EntryReader reader, @Nullable String namespace, long after, long end)
			throws SQLException {
		String query = (namespace != null)
				? "SELECT entry FROM entry_details WHERE entry > ? AND entry <= ? AND "
						+ Schema.namespaceCondition(namespace) + " ORDER BY entry"
				: "SELECT id FROM entry WHERE id > ? AND id <= ? ORDER BY id";
		List<Long> ids = new ArrayList<>();
		try (PreparedStatement select = reader.connection().prepareStatement(query + " LIMIT " + MAX_ROWS)) {
			select.setLong(1, after);
			select.setLong(2, end);
			if (namespace != null) {
				select.setString(3, StoredText.encode(namespace));
			}
			try (ResultSet row = select.executeQuery()) {
				while (row.next()) {
					ids.add(row.getLong(1));
				}
			}
		}
		return ids;
	}

}
