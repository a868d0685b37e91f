package io.github.llmcache.cache.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.EntryCodec;
import org.jspecify.annotations.Nullable;

/**
 * The database files that are open, found by their models. Of those that are not in use
 * only so many are kept open.
 */
final class SqliteDatabases implements AutoCloseable {

	/** How often a file may be replaced while the same is written. */
	private static final int MAX_ATTEMPTS = 5;

	private final Map<String, SqliteDatabase> byModel = new ConcurrentHashMap<>();

	/** Including those that are to be closed and still have users. */
	private final Set<SqliteDatabase> all = ConcurrentHashMap.newKeySet();

	private final SqliteSettings settings;

	private final EntryCodec codec;

	private final DatabaseRepair repair;

	private volatile boolean closed;

	/**
	 * Create databases, none of which is opened yet.
	 * @param settings how they work
	 * @param codec writes and reads responses
	 * @param clock the time, for the names of damaged files that are moved aside, or
	 * {@code null} if none is to be moved
	 */
	SqliteDatabases(SqliteSettings settings, EntryCodec codec, @Nullable InstantSource clock) {
		this.settings = settings;
		this.codec = codec;
		this.repair = new DatabaseRepair(this, settings, codec, clock);
	}

	/**
	 * Use a model's database for reading, if there is one.
	 * @param model the model's id
	 * @return the database, to be {@linkplain SqliteDatabase#release() released}, or
	 * {@code null} if its file does not exist
	 */
	@Nullable SqliteDatabase find(String model) {
		SqliteDatabase database = lease(model, false);
		if (database == null && Files.exists(file(model))) {
			database = open(model, false);
		}
		return database;
	}

	/**
	 * Use a model's database for writing; it is created if there is none.
	 * @param model the model's id
	 * @return the database, to be {@linkplain SqliteDatabase#release() released}
	 */
	SqliteDatabase findOrCreate(String model) {
		return open(model, true);
	}

	/**
	 * Use a model's database, if there is one.
	 * @param model the model's id
	 * @param otherwise what to return if its file does not exist
	 * @param use what to do with the database, which is released afterwards. Done again
	 * if the file was moved away meanwhile
	 * @return what the use has returned
	 */
	<T> T use(String model, T otherwise, Function<SqliteDatabase, T> use) {
		for (int attempt = 1; true; attempt++) {
			SqliteDatabase database = find(model);
			if (database == null) {
				return otherwise;
			}
			try {
				return use.apply(database);
			}
			catch (MovedFileException ex) {
				if (attempt == MAX_ATTEMPTS) {
					throw ex;
				}
			}
			finally {
				database.release();
			}
		}
	}

	/**
	 * Use a model's database; it is created if there is none.
	 * @param model the model's id
	 * @param use what to do with the database, which is released afterwards. Done again
	 * if the file was moved away meanwhile
	 * @return what the use has returned
	 */
	<T> T useOrCreate(String model, Function<SqliteDatabase, T> use) {
		for (int attempt = 1; true; attempt++) {
			SqliteDatabase database = findOrCreate(model);
			try {
				return use.apply(database);
			}
			catch (MovedFileException ex) {
				if (attempt == MAX_ATTEMPTS) {
					throw ex;
				}
			}
			finally {
				database.release();
			}
		}
	}

	private SqliteDatabase open(String model, boolean writing) {
		SqliteDatabase database = lease(model, writing);
		while (database == null) {
			SqliteDatabase created = new SqliteDatabase(model, file(model), this.settings, this.codec, this.repair);
			if (this.byModel.putIfAbsent(model, created) == null) {
				this.all.add(created);
				closeLeastRecentlyUsed(created);
			}
			database = lease(model, writing);
		}
		return database;
	}

	private @Nullable SqliteDatabase lease(String model, boolean writing) {
		checkOpen();
		SqliteDatabase database = this.byModel.get(model);
		if (database == null) {
			return null;
		}
		if (database.lease()) {
			if (!database.isMoved(writing) && !this.closed) {
				return database;
			}
			database.release();
		}
		remove(database);
		checkOpen();
		return null;
	}

	private void closeLeastRecentlyUsed(SqliteDatabase except) {
		while (this.byModel.size() > this.settings.maxOpenFiles()) {
			SqliteDatabase oldest = null;
			for (SqliteDatabase database : this.byModel.values()) {
				if (database != except && (oldest == null || database.lastUsed() - oldest.lastUsed() < 0)) {
					oldest = database;
				}
			}
			if (oldest == null) {
				return;
			}
			remove(oldest);
		}
	}

	private void remove(SqliteDatabase database) {
		this.byModel.remove(database.model(), database);
		database.retire();
		this.all.removeIf(SqliteDatabase::isClosed);
	}

	/**
	 * Return where a model's database is, or would be.
	 */
	Path file(String model) {
		return this.settings.directory().resolve(DatabaseNames.of(model));
	}

	/**
	 * Take note of a failure of a connection that belongs to no database.
	 * @param model the model
	 * @param failure what has been thrown
	 */
	void failed(String model, Throwable failure) {
		if (SqliteFailures.isSuspicious(failure)) {
			this.repair.suspect(model);
		}
	}

	/**
	 * Make sure that nothing is used after it has been closed.
	 */
	void checkOpen() {
		if (this.closed) {
			throw new CacheStoreException("The cache is closed", null);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.repair.close();
		this.all.forEach(SqliteDatabase::awaitClosed);
		this.all.clear();
		this.byModel.clear();
	}

}
