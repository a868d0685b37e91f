package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.PrivateFiles;

import org.jspecify.annotations.Nullable;

/**
 * Lets one at a time open or move database files of a directory, of all threads and
 * processes: a database consists of several files, which cannot be moved at once, and one
 * that is opened meanwhile would be put together of parts of two. Thread-safe.
 */
final class DirectoryLock {

	static final String FILE_NAME = ".llmcache.sqlite.lock";

	/**
	 * A lock of a file belongs to the process, whichever store has taken it, and the
	 * operating system takes it away when the file is closed.
	 */
	private static final ReentrantLock PROCESS = new ReentrantLock();

	private final Path file;

	private final Duration timeout;

	/**
	 * Create a lock.
	 * @param directory the directory
	 * @param timeout how long to wait for another process
	 */
	DirectoryLock(Path directory, Duration timeout) {
		this.file = directory.resolve(FILE_NAME);
		this.timeout = timeout;
	}

	/**
	 * Do something while nobody else does, as far as this user can lock others out: who
	 * may not write the file cannot. Whoever does has the lock already.
	 * @param action what to do
	 * @throws SQLException if it fails
	 * @throws IOException if it fails
	 */
	void run(Action action) throws SQLException, IOException {
		run(action, false);
	}

	/**
	 * Do something while nobody else does.
	 * @param action what to do
	 * @throws SQLException if it fails
	 * @throws IOException if it fails, or this user cannot lock others out
	 */
	void runAlone(Action action) throws SQLException, IOException {
		run(action, true);
	}

	private void run(Action action, boolean alone) throws SQLException, IOException {
		if (PROCESS.isHeldByCurrentThread()) {
			action.run();
			return;
		}
		// An interrupted thread could not use a channel
		boolean interrupted = Thread.interrupted();
		PROCESS.lock();
		try {
			FileChannel channel = open();
			try {
				if (channel == null && alone) {
					throw new IOException("The lock file " + this.file + " cannot be opened");
				}
				interrupted |= lock(channel);
				action.run();
			}
			finally {
				if (channel != null) {
					channel.close();
				}
			}
		}
		finally {
			PROCESS.unlock();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Open the file, {@code null} if it cannot be.
	 */
	private @Nullable FileChannel open() {
		try {
			create();
			return FileChannel.open(this.file, StandardOpenOption.WRITE);
		}
		catch (IOException ex) {
			return null;
		}
	}

	private void create() throws IOException {
		try {
			PrivateFiles.createDirectories(Objects.requireNonNull(this.file.getParent()));
			PrivateFiles.createFile(this.file);
		}
		catch (FileAlreadyExistsException ex) {
			// Used before, or another process was faster
		}
	}

	/**
	 * Take the lock. Returns whether the thread was interrupted meanwhile.
	 */
	private boolean lock(@Nullable FileChannel channel) throws IOException {
		boolean interrupted = false;
		long start = System.nanoTime();
		while (channel != null && tryLock(channel) == null) {
			if (System.nanoTime() - start > this.timeout.toNanos()) {
				throw new CacheStoreException("The lock file " + this.file
						+ " is locked by another process, for longer than llmcache.sqlite.busy-timeout ("
						+ this.timeout.toMillis() + " ms). Find out who holds the lock, or increase the timeout", null);
			}
			try {
				TimeUnit.MILLISECONDS.sleep(1);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		return interrupted;
	}

	private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			// By this class in another class loader
			return null;
		}
	}

	@FunctionalInterface
	interface Action {

		void run() throws SQLException, IOException;

	}

}
