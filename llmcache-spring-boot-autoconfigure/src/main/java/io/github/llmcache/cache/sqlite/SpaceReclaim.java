package io.github.llmcache.cache.sqlite;

/**
 * Gives the space of deleted entries back to the file system: in portions, between which
 * others write. Used by one thread.
 */
final class SpaceReclaim {

	/** Half a megabyte, which takes a few milliseconds. */
	private static final int PAGES = 64;

	private final SqliteDatabases databases;

	private final String model;

	SpaceReclaim(SqliteDatabases databases, String model) {
		this.databases = databases;
		this.model = model;
	}

	void run() {
		long free = free();
		// What others delete meanwhile is left for the next time
		for (long given = 0; given < free; given += PAGES) {
			this.databases.use(this.model, false, (database) -> database.write(0, (writer) -> {
				writer.vacuum(PAGES);
				return true;
			}));
		}
		this.databases.use(this.model, false, (database) -> {
			database.checkpoint();
			return true;
		});
	}

	private long free() {
		return this.databases.use(this.model, 0L,
				(database) -> database.read((reader) -> Connections.pragma(reader.connection(), "freelist_count")));
	}

}
