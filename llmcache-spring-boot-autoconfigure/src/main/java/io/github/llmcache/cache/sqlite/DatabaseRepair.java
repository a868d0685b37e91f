package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.Daemons;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.FileNames;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Moves damaged files aside, so that new ones are begun, and copies what can be read of
 * them. All that happens on threads of its own, one a model: what is asked meanwhile is a
 * miss. Several processes may find the same damage: one moves the file, and what several
 * copy is there once. Thread-safe.
 */
final class DatabaseRepair implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(SqliteDatabase.class);

	/** A file that was found to be sound is not read again all the time. */
	private static final long CHECK_INTERVAL = Duration.ofMinutes(1).toNanos();

	/**
	 * A disk or memory that damages one file after the other must not be filled with
	 * them.
	 */
	static final int MAX_ASIDE = 10;

	private static final long CLOSE_TIMEOUT = Duration.ofSeconds(10).toMillis();

	private final Map<String, Thread> threads = new ConcurrentHashMap<>();

	private final Map<String, Sound> sound = new ConcurrentHashMap<>();

	private final Map<String, DatabaseDiagnosis> running = new ConcurrentHashMap<>();

	private final SqliteDatabases databases;

	private final Connections connections;

	private final EntryCodec codec;

	private final DirectoryLock lock;

	private final @Nullable InstantSource clock;

	private volatile boolean closed;

	/**
	 * Create a repair.
	 * @param databases the databases
	 * @param settings how they work
	 * @param codec writes and reads responses
	 * @param clock the time, or {@code null} if nothing is to be repaired
	 */
	DatabaseRepair(SqliteDatabases databases, SqliteSettings settings, EntryCodec codec,
			@Nullable InstantSource clock) {
		this.codec = codec;
		this.databases = databases;
		this.connections = new Connections(settings);
		this.lock = new DirectoryLock(settings.directory(), settings.busyTimeout());
		this.clock = clock;
	}

	/**
	 * Return whether anything is repaired at all.
	 */
	boolean isPossible() {
		return this.clock != null;
	}

	/**
	 * Find out whether a model's file is damaged, and repair it if so. Returns at once.
	 * @param model the model
	 */
	void suspect(String model) {
		Object identity = (this.clock != null) ? identity(this.databases.file(model)) : null;
		Sound known = this.sound.get(model);
		if (identity != null && (known == null || System.nanoTime() - known.checked() > CHECK_INTERVAL
				|| !known.identity().equals(identity))) {
			start(model, () -> {
				if (moveIfDamaged(model)) {
					rescue(model);
				}
			});
		}
	}

	/**
	 * Take note of a file that has been opened: there may be damaged ones beside it of
	 * which not everything has been copied yet, for whoever did that was killed.
	 * @param database its database
	 */
	void opened(SqliteDatabase database) {
		String model = database.model();
		if (this.clock != null && !this.threads.containsKey(model) && isLeftOver(database.file())) {
			start(model, () -> rescue(model));
		}
	}

	private static boolean isLeftOver(Path file) {
		try {
			return !DamagedFiles.list(file).isEmpty();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private void start(String model, Runnable task) {
		if (this.clock == null || this.closed) {
			return;
		}
		Thread thread = Daemons.create("llmcache-repair-" + FileNames.slug(model), () -> run(model, task));
		if (this.threads.putIfAbsent(model, thread) == null && (this.closed || !Daemons.start(thread))) {
			this.threads.remove(model);
		}
	}

	private void run(String model, Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException | LinkageError ex) {
			// It is found out again with the next use
			logger.debug("The cache file of model " + FileNames.slug(model) + " could not be repaired", ex);
		}
		finally {
			this.threads.remove(model);
		}
	}

	private boolean moveIfDamaged(String model) {
		Path file = this.databases.file(model);
		Object identity = identity(file);
		if (identity == null || !isDamaged(file, model, identity)) {
			return false;
		}
		try {
			return moveAlone(file, identity);
		}
		catch (SQLException | IOException ex) {
			if (SqliteFailures.isBusy(ex)) {
				// Somebody closes it just now
				return false;
			}
			logger.warn("The cache file " + file + " is damaged and cannot be moved aside. Move it (and its -wal and "
					+ "-shm files) away; it will be created anew");
			logger.debug("The cache file " + file + " cannot be moved", ex);
			this.sound.put(model, new Sound(identity, System.nanoTime()));
			return false;
		}
	}

	private boolean isDamaged(Path file, String model, Object identity) {
		DatabaseDiagnosis diagnosis = new DatabaseDiagnosis(file, model, this.connections);
		this.running.put(model, diagnosis);
		try {
			boolean damaged = diagnosis.isDamaged();
			if (!damaged) {
				this.sound.put(model, new Sound(identity, System.nanoTime()));
			}
			return damaged && !this.closed;
		}
		finally {
			this.running.remove(model);
		}
	}

	private boolean moveAlone(Path file, Object identity) throws SQLException, IOException {
		this.lock.runAlone(() -> {
			this.databases.checkOpen();
			// Otherwise another process was faster
			if (identity.equals(identity(file))) {
				int aside = DamagedFiles.list(file).size();
				if (aside >= MAX_ASIDE) {
					throw new IOException(aside + " files have been moved aside already");
				}
				move(file);
			}
		});
		return true;
	}

	private void move(Path file) throws SQLException, IOException {
		// Whoever has it open and closes it last would otherwise delete its log by a name
		// that may be the new file's by then
		Connection guard = open(file);
		try {
			Path moved = DamagedFiles.move(file, Objects.requireNonNull(this.clock).instant());
			logger.warn("The cache file " + file + " is damaged. It has been moved to " + moved.getFileName()
					+ ", and a new one is begun, into which is copied what can be read of it");
		}
		finally {
			if (guard != null) {
				Connections.close(guard);
			}
		}
	}

	private @Nullable Connection open(Path file) throws SQLException {
		try {
			return this.connections.openForReading(file);
		}
		catch (SQLException ex) {
			if (!SqliteFailures.isSuspicious(ex)) {
				throw ex;
			}
			// Then nobody else can open it either
			return null;
		}
	}

	private static @Nullable Object identity(Path file) {
		try {
			BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
			// Where files have none, nobody can rename one that is open either
			return Objects.requireNonNullElse(attributes.fileKey(), file);
		}
		catch (IOException ex) {
			return null;
		}
	}

	private void rescue(String model) {
		Path file = this.databases.file(model);
		try {
			List<Path> all = new ArrayList<>();
			// Not while one has been moved, but not its log
			this.lock.run(() -> all.addAll(DamagedFiles.list(file)));
			// What was stored later comes first, and then is not replaced
			Collections.reverse(all);
			for (Path moved : all) {
				new EntryRescue(this.databases, this.connections, this.codec, model, moved).run();
			}
		}
		catch (SQLException | IOException ex) {
			throw new CacheStoreException("The directory of " + file + " cannot be read", ex);
		}
	}

	/**
	 * End what is under way, which is gone on with the next time.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.running.values().forEach(DatabaseDiagnosis::cancel);
		long start = System.nanoTime();
		for (Thread thread : this.threads.values()) {
			// Together they get no more time than one
			join(thread, Math.max(1, CLOSE_TIMEOUT - Duration.ofNanos(System.nanoTime() - start).toMillis()));
		}
	}

	private static void join(Thread thread, long millis) {
		boolean interrupted = Thread.interrupted();
		try {
			thread.join(millis);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A file that was found not to be damaged.
	 */
	private record Sound(Object identity, long checked) {
	}

}
