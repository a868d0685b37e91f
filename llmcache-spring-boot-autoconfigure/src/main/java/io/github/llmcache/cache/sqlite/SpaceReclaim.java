package io.github.llmcache.cache.sqlite;

/**
 * Gives the space of deleted entries back to the file system: in portions, between which
 * others write. Used by one thread.
 */
final class SpaceReclaim {

	/** As many as take about a millisecond. */
	private static final int PAGES = 16;

	/** What {@link Schema} has chosen for every file. */
	private static final int INCREMENTAL = 2;

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

	/**
	 * Return how many pages can be given back: none of a file that somebody has copied
	 * without its setting, whose free pages are used again.
	 */
	private long free() {
		return this.databases.use(this.model, 0L, (database) -> database.read((reader) -> {
			boolean incremental = Connections.pragma(reader.connection(), "auto_vacuum") == INCREMENTAL;
			return incremental ? Connections.pragma(reader.connection(), "freelist_count") : 0L;
		}));
	}

}
