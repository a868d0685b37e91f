package io.github.llmcache.faults.entries;

import java.util.List;
import java.util.Map;

/**
 * A backend that is written to past the cache.
 */
interface AttackedStore extends AutoCloseable {

	/**
	 * Create one.
	 * @param backend the name of the backend
	 * @param where its directory, or its port
	 */
	static AttackedStore of(String backend, String where) throws Exception {
		return switch (backend) {
			case "sqlite" -> new AttackedDatabase(where);
			case "file" -> new AttackedFiles(where);
			default -> new AttackedRedis(Integer.parseInt(where));
		};
	}

	/**
	 * Return the properties of an application that uses it.
	 */
	Map<String, Object> properties();

	/**
	 * Find the entry that an action stores.
	 */
	StoredValue added(Runnable action) throws Exception;

	List<Attack> attacks();

	/**
	 * Undo what an attack has done to more than its entry.
	 */
	default void repair() throws Exception {
	}

	/**
	 * Write counters that nobody has counted.
	 */
	void damageStatistics(String model) throws Exception;

	@Override
	void close();

}
