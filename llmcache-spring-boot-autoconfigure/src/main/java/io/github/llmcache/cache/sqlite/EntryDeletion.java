package io.github.llmcache.cache.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheKey;
import org.jspecify.annotations.Nullable;

/**
 * Deletes entries of one model in portions, each a transaction of its own and so short
 * that whoever saves meanwhile hardly notices. Used by one thread.
 */
final class EntryDeletion {

	private static final int MAX_ROWS = 250;

	/** A large entry has many pages, each of which has to be found. */
	private static final long MAX_NANOS = Duration.ofMillis(10).toNanos();

	private final SqliteDatabases databases;

	private final String model;

	EntryDeletion(SqliteDatabases databases, String model) {
		this.databases = databases;
		this.model = model;
	}

	/**
	 * Delete entries by their keys.
	 * @param keys the keys, all of this model
	 * @return how many entries there were
	 */
	long byKeys(List<CacheKey> keys) {
		return delete(keys, EntryWriter::delete);
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
			deleted += delete(ids, EntryWriter::deleteById);
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

	private <T> long delete(List<T> items, Deleter<T> deleter) {
		long deleted = 0;
		int done = 0;
		while (done < items.size()) {
			List<T> next = items.subList(done, Math.min(done + MAX_ROWS, items.size()));
			Portion portion = this.databases.use(this.model, new Portion(next.size(), 0),
					(database) -> database.write(0, (writer) -> delete(writer, next, deleter)));
			done += portion.items();
			deleted += portion.deleted();
		}
		return deleted;
	}

	private static <T> Portion delete(EntryWriter writer, List<T> items, Deleter<T> deleter) throws SQLException {
		long start = System.nanoTime();
		long deleted = 0;
		int done = 0;
		while (done < items.size() && (done == 0 || System.nanoTime() - start < MAX_NANOS)) {
			deleted += deleter.delete(writer, items.get(done));
			done++;
		}
		return new Portion(done, deleted);
	}

	@FunctionalInterface
	private interface Deleter<T> {

		long delete(EntryWriter writer, T item) throws SQLException;

	}

	/**
	 * What has been done.
	 *
	 * @param items how many keys or ids it was about
	 * @param deleted how many entries there were
	 */
	private record Portion(int items, long deleted) {
	}

}
