package io.github.llmcache.inference;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.github.llmcache.cache.PrivateFiles;
import org.jspecify.annotations.Nullable;

/**
 * A lock that one thread of all processes on a directory holds at a time. The operating
 * system takes it from a process that dies.
 */
enum BatchLock {

	/** Held while batches are looked for and created. */
	SUBMITTING("submitting.lock"),

	/**
	 * Held while results are fetched: who comes second then finds that they are paid for
	 * and stored.
	 */
	FETCHING("fetching.lock"),

	/** Held while a record is changed. */
	CHANGING("changing.lock");

	private static final long PAUSE_MILLIS = 20;

	private final String fileName;

	/**
	 * A lock of a file belongs to the process, and the operating system takes it away
	 * when any channel of the file is closed: within a process, one thread at a time may
	 * have one open.
	 */
	private final Lock threads = new ReentrantLock();

	BatchLock(String fileName) {
		this.fileName = fileName;
	}

	/**
	 * Do something while nobody else does.
	 * @param <T> the type of the result
	 * @param directory the directory, which exists
	 * @param action what to do
	 * @return the result of the action
	 * @throws IOException if the lock cannot be taken, or the action fails
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	<T> T locked(Path directory, Action<T> action) throws IOException, InterruptedException {
		this.threads.lockInterruptibly();
		try {
			Path file = directory.resolve(this.fileName);
			createFile(file);
			try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
				while (tryLock(channel) == null) {
					TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
				}
				// Released with the channel
				return action.run();
			}
		}
		finally {
			this.threads.unlock();
		}
	}

	private static void createFile(Path file) throws IOException {
		try {
			PrivateFiles.createFile(file);
		}
		catch (FileAlreadyExistsException ex) {
			// Used before, or another process was faster
		}
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

	/**
	 * What is done while the lock is held.
	 */
	@FunctionalInterface
	interface Action<T> {

		T run() throws IOException, InterruptedException;

	}

}
