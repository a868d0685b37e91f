package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.FileNames;
import io.github.llmcache.cache.PrivateFiles;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The life of one open database file: created and brought to the newest schema with its
 * first use, closed when nobody uses it any more. Opened once; after it has been closed,
 * another instance takes its place.
 */
final class SqliteDatabase {

	private static final Log logger = LogFactory.getLog(SqliteDatabase.class);

	private static final long IDENTITY_CHECK_INTERVAL = Duration.ofSeconds(1).toNanos();

	private static final Duration WRITER_KEEP_ALIVE = Duration.ofSeconds(10);

	private static final int ALL = Integer.MAX_VALUE;

	private final String model;

	private final Path file;

	private final DatabaseRepair repair;

	private final Connections connections;

	private final DirectoryLock lock;

	private final Schema schema;

	private final SqliteFailures failures;

	private final Dictionaries dictionaries;

	private final ReaderPool readers;

	private final GroupWriter writer;

	private final DictionaryTraining training;

	/** One for each user; whoever has all of them may close. */
	private final Semaphore leases = new Semaphore(ALL);

	private final Lock opening = new ReentrantLock();

	private volatile boolean open;

	/** Whether neither the file nor what SQLite puts beside it can be written. */
	private volatile boolean readOnly;

	private volatile boolean retired;

	private volatile boolean closed;

	private volatile @Nullable Object identity;

	private volatile long identityChecked;

	private volatile long lastUsed = System.nanoTime();

	/**
	 * Create a database, without opening it.
	 * @param model the model that it belongs to
	 * @param file where it is, or will be
	 * @param settings how it works
	 * @param codec writes and reads responses
	 * @param repair is told if the file seems to be damaged, and when it has been opened
	 */
	SqliteDatabase(String model, Path file, SqliteSettings settings, EntryCodec codec, DatabaseRepair repair) {
		this.model = model;
		this.file = file;
		this.repair = repair;
		this.connections = new Connections(settings);
		this.lock = new DirectoryLock(settings.directory(), settings.busyTimeout());
		this.schema = new Schema(settings.busyTimeout());
		this.failures = new SqliteFailures(settings.busyTimeout());
		this.dictionaries = new Dictionaries(codec);
		this.readers = new ReaderPool(settings.readers(), () -> new EntryReader(openForReading(), this.dictionaries));
		this.writer = new GroupWriter("llmcache-writer-" + FileNames.slug(model), WRITER_KEEP_ALIVE,
				() -> new EntryWriter(openForWriting(), this.dictionaries), this::checkPlace);
		this.training = new DictionaryTraining(this, this.dictionaries);
	}

	String model() {
		return this.model;
	}

	Path file() {
		return this.file;
	}

	long lastUsed() {
		return this.lastUsed;
	}

	/**
	 * Become a user, if this database is not closed.
	 * @return whether the caller is a user now and has to {@link #release()} it
	 */
	boolean lease() {
		if (!this.leases.tryAcquire()) {
			return false;
		}
		if (this.retired) {
			release();
			return false;
		}
		this.lastUsed = System.nanoTime();
		return true;
	}

	void release() {
		this.leases.release();
		if (this.retired) {
			closeIfUnused();
		}
	}

	/**
	 * Take no new users, and close as soon as there are none.
	 */
	void retire() {
		this.retired = true;
		closeIfUnused();
	}

	private void closeIfUnused() {
		if (this.leases.tryAcquire(ALL)) {
			close();
		}
	}

	/**
	 * Take no new users, and close when there are none.
	 */
	void awaitClosed() {
		this.retired = true;
		this.leases.acquireUninterruptibly(ALL);
		close();
	}

	boolean isClosed() {
		return this.closed;
	}

	private void close() {
		try {
			if (!this.closed) {
				this.closed = true;
				closeResources();
			}
		}
		finally {
			this.leases.release(ALL);
		}
	}

	private void closeResources() {
		this.readers.close();
		this.dictionaries.close();
		try {
			this.writer.close();
		}
		catch (SQLException ex) {
			// Nothing is lost: what is committed is in the write-ahead log
			logger.debug("The cache file " + this.file + " could not be tidied up", ex);
		}
	}

	/**
	 * Return whether the file is not the one that has been opened any more, because
	 * somebody has deleted or replaced it.
	 * @param now whether to look now rather than once in a while
	 * @return whether this instance should be retired
	 */
	boolean isMoved(boolean now) {
		Object identity = this.identity;
		if (identity == null || !now && this.lastUsed - this.identityChecked < IDENTITY_CHECK_INTERVAL) {
			return false;
		}
		this.identityChecked = this.lastUsed;
		return !identity.equals(readIdentity());
	}

	private @Nullable Object readIdentity() {
		try {
			return Files.readAttributes(this.file, BasicFileAttributes.class).fileKey();
		}
		catch (IOException ex) {
			return null;
		}
	}

	<T> T read(ReaderPool.Query<T> query) {
		try {
			open();
			return this.readers.read(query);
		}
		catch (SQLException | IOException | RuntimeException | LinkageError ex) {
			throw failed(ex);
		}
	}

	/**
	 * Return what to write entries with.
	 * @return the newest dictionary, or {@code null} if there is none
	 */
	@Nullable CompressionDictionary dictionary() {
		return this.training.newest();
	}

	/**
	 * Take note of entries that have been saved, which a new dictionary may be worth
	 * while for.
	 * @param entries how many
	 */
	void saved(int entries) {
		this.training.saved(entries);
	}

	<T> T write(long size, GroupWriter.Work<T> work) {
		try {
			open();
			return this.writer.write(size, work);
		}
		catch (ExecutionException ex) {
			throw failed(Objects.requireNonNullElse(ex.getCause(), ex));
		}
		catch (SQLException | IOException | RuntimeException | LinkageError ex) {
			throw failed(ex);
		}
	}

	/**
	 * Copy what has been committed into the file, which only then becomes smaller, and
	 * empty the write-ahead log, unless somebody is in the way: nobody is waited for.
	 */
	void checkpoint() {
		try {
			open();
			Connection connection = openForWriting();
			try {
				Connections.pragma(connection, "busy_timeout = 0");
				// Others can write meanwhile, but not while the log is emptied
				Connections.pragma(connection, "wal_checkpoint(PASSIVE)");
				Connections.pragma(connection, "wal_checkpoint(TRUNCATE)");
			}
			finally {
				Connections.close(connection);
			}
		}
		catch (SQLException | IOException | RuntimeException | LinkageError ex) {
			if (!SqliteFailures.isBusy(ex)) {
				throw failed(ex);
			}
		}
	}

	/**
	 * Make sure that what has been committed is in the file that is at the path, where
	 * everybody will look for it: a file that somebody has moved away can still be
	 * written.
	 */
	private void checkPlace() {
		if (isMoved(true)) {
			throw new MovedFileException(this.file);
		}
	}

	private RuntimeException failed(Throwable ex) {
		if (ex instanceof MovedFileException || !(ex instanceof CacheStoreException) && !SqliteFailures.isBusy(ex)) {
			// Begin anew: perhaps the file is another one by then
			this.retired = true;
		}
		// What is refused as it is opened may be ours, and only lack what says so
		if (SqliteFailures.isSuspicious(ex) || !this.open && ex instanceof CacheStoreException) {
			this.repair.suspect(this.model);
		}
		return this.failures.translate(this.file, ex);
	}

	private void open() throws SQLException, IOException {
		if (this.open) {
			return;
		}
		this.opening.lock();
		try {
			if (!this.open) {
				this.lock.run(this::openFile);
				this.repair.opened(this);
				this.open = true;
			}
		}
		finally {
			this.opening.unlock();
		}
	}

	private void openFile() throws SQLException, IOException {
		createFile();
		refuseOthers();
		try {
			prepare();
		}
		catch (SQLException ex) {
			if (isWritable()) {
				throw ex;
			}
			this.readOnly = true;
			prepareForReading();
		}
		this.identity = readIdentity();
		this.identityChecked = System.nanoTime();
	}

	private void prepare() throws SQLException {
		Connection connection = this.connections.openForWriting(this.file);
		try {
			this.schema.prepare(connection, this.file, this.model);
			// Who can do nothing about it reads what there is
			if (this.repair.isPossible() && isWritable()) {
				Schema.refuseAltered(connection, this.file);
			}
		}
		finally {
			Connections.close(connection);
		}
	}

	/**
	 * What is there can be read without writing anything, as long as nobody writes.
	 */
	private void prepareForReading() throws SQLException {
		Connection connection = openForReading();
		try {
			Schema.checkReadable(connection, this.file, this.model);
		}
		finally {
			Connections.close(connection);
		}
	}

	private boolean isWritable() {
		return Files.isWritable(this.file) && Files.isWritable(Objects.requireNonNull(this.file.getParent()));
	}

	/**
	 * Open the file, unless it is not the one any more that has been prepared.
	 */
	private Connection openForWriting() throws SQLException {
		Connection connection = this.connections.openForWriting(this.file);
		try {
			checkPlace();
		}
		catch (MovedFileException ex) {
			Connections.close(connection);
			throw ex;
		}
		return connection;
	}

	private Connection openForReading() throws SQLException {
		return this.readOnly ? this.connections.openForChecking(this.file, Connections.isQuiet(this.file))
				: this.connections.openForReading(this.file);
	}

	/**
	 * Leave alone what is newer or not ours: opening it for writing would copy its log
	 * into it.
	 */
	private void refuseOthers() throws SQLException, IOException {
		if (Files.size(this.file) > 0) {
			Connection connection = this.connections.openForChecking(this.file, Connections.isQuiet(this.file));
			try {
				Schema.refuseOthers(connection, this.file);
			}
			finally {
				Connections.close(connection);
			}
		}
	}

	/**
	 * Create the file, which only its owner may read. SQLite gives its other files the
	 * same permissions.
	 */
	private void createFile() throws IOException {
		PrivateFiles.createDirectories(Objects.requireNonNull(this.file.getParent()));
		if (Files.exists(this.file)) {
			return;
		}
		DamagedFiles.finishMove(this.file);
		try {
			PrivateFiles.createFile(this.file);
		}
		catch (FileAlreadyExistsException ex) {
			// Used before, or another process was faster
		}
	}

}
