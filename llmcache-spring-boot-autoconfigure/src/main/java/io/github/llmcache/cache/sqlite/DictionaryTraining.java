package io.github.llmcache.cache.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.Daemons;
import io.github.llmcache.cache.FileNames;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a file has a dictionary made from its own entries: once there are
 * enough, and again whenever there are ten times as many, if a new one is better. So
 * there are few of them, and none is ever deleted: another process may be writing with
 * it. All that happens on a thread of its own, never on a caller's. Thread-safe.
 */
final class DictionaryTraining {

	private static final Log logger = LogFactory.getLog(DictionaryTraining.class);

	/** As many suffice for a good dictionary, and it is soon worth its own space. */
	static final int FIRST = 200;

	private static final int GROWTH = 10;

	private final SqliteDatabase database;

	private final Dictionaries dictionaries;

	private final Lock loading = new ReentrantLock();

	private final AtomicBoolean running = new AtomicBoolean();

	/** How many entries are to be saved before a dictionary is made. */
	private final AtomicLong remaining = new AtomicLong();

	private volatile boolean loaded;

	private volatile @Nullable CompressionDictionary newest;

	DictionaryTraining(SqliteDatabase database, Dictionaries dictionaries) {
		this.database = database;
		this.dictionaries = dictionaries;
	}

	/**
	 * Return what to write entries with.
	 * @return the newest dictionary, or {@code null} if there is none
	 */
	@Nullable CompressionDictionary newest() {
		if (!this.loaded) {
			this.loading.lock();
			try {
				if (!this.loaded) {
					load();
					this.loaded = true;
				}
			}
			finally {
				this.loading.unlock();
			}
		}
		return this.newest;
	}

	private void load() {
		this.database.read((reader) -> {
			State state = State.read(reader.connection());
			this.newest = this.dictionaries.find(state.newest(), reader.connection());
			this.remaining.set(state.due() - state.entries());
			return state;
		});
	}

	/**
	 * Take note of entries that have been saved.
	 * @param entries how many
	 */
	void saved(int entries) {
		if (this.remaining.addAndGet(-entries) <= 0 && this.running.compareAndSet(false, true)) {
			start();
		}
	}

	private void start() {
		if (!this.database.lease()) {
			this.running.set(false);
			return;
		}
		String name = "llmcache-dictionary-" + FileNames.slug(this.database.model());
		if (!Daemons.start(Daemons.create(name, this::run))) {
			end();
		}
	}

	private void run() {
		try {
			train();
		}
		catch (RuntimeException ex) {
			// Entries are written as before
			logger.debug("No dictionary could be made for model " + FileNames.slug(this.database.model()), ex);
			this.remaining.set(FIRST);
		}
		finally {
			end();
		}
	}

	private void end() {
		this.running.set(false);
		this.database.release();
	}

	private void train() {
		State before = this.database.read((reader) -> State.read(reader.connection()));
		if (before.entries() >= before.due()) {
			byte[] content = this.database
				.read((reader) -> new DictionarySampler(this.dictionaries, reader.connection()).sample())
				.train(this.dictionaries.codec(), this.newest);
			this.database.write((content != null) ? content.length : 0, (writer) -> {
				State now = State.read(writer.connection());
				// Otherwise another process was faster
				if (now.equals(before.withEntries(now.entries()))) {
					write(writer.connection(), now, content);
				}
				return now;
			});
		}
		load();
	}

	private static void write(Connection connection, State state, byte @Nullable [] content) throws SQLException {
		try (PreparedStatement examined = connection.prepareStatement("INSERT INTO metadata (name, value) VALUES ('"
				+ State.EXAMINED + "', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")) {
			examined.setString(1, Long.toString(state.entries()));
			examined.executeUpdate();
		}
		if (content == null) {
			return;
		}
		try (PreparedStatement insert = connection
			.prepareStatement("INSERT INTO dictionary (id, content) VALUES (?, ?)")) {
			insert.setInt(1, state.newest() + 1);
			insert.setBytes(2, content);
			insert.executeUpdate();
		}
	}

	/**
	 * What there is in a file.
	 *
	 * @param entries about how many entries have been saved
	 * @param examined how many there were when the last dictionary was made, or could not
	 * be made better
	 * @param newest the number of the newest dictionary, 0 if there is none
	 */
	private record State(long entries, long examined, int newest) {

		static final String EXAMINED = "dictionary_examined";

		static State read(Connection connection) throws SQLException {
			try (Statement statement = connection.createStatement();
					ResultSet row = statement.executeQuery("SELECT (SELECT max(id) FROM entry), (SELECT value FROM"
							+ " metadata WHERE name = '" + EXAMINED + "'), (SELECT max(id) FROM dictionary)")) {
				row.next();
				return new State(row.getLong(1), row.getLong(2), row.getInt(3));
			}
		}

		State withEntries(long entries) {
			return new State(entries, this.examined, this.newest);
		}

		long due() {
			return (this.examined > 0) ? this.examined * GROWTH : FIRST;
		}

	}

}
