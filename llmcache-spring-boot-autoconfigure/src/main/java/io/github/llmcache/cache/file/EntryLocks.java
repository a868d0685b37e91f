package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.PrivateFiles;
import org.jspecify.annotations.Nullable;

/**
 * Lets one writer at a time change an entry, of all threads and processes. Without that,
 * adding a sample could undo what somebody else has written meanwhile. Reading needs no
 * lock. Thread-safe.
 * <p>
 * Locks are bytes of one file, which stays open: opening one for each write would take
 * longer than the write.
 */
final class EntryLocks implements AutoCloseable {

	static final String FILE_NAME = ".llmcache.lock";

	private static final int COUNT = 64;

	private static final long TIMEOUT = Duration.ofSeconds(10).toNanos();

	/**
	 * A lock of a file belongs to the process, whichever store has taken it, and the
	 * operating system may take all of them away when the file is closed.
	 */
	private static final List<Lock> locks = Stream.<Lock>generate(ReentrantLock::new).limit(COUNT).toList();

	private final Path file;

	private final Lock opening = new ReentrantLock();

	private volatile @Nullable Opened opened;

	EntryLocks(Path directory) {
		this.file = directory.resolve(FILE_NAME);
	}

	/**
	 * Change an entry while nobody else does.
	 * @param <T> the type of the result
	 * @param path where the entry is
	 * @param action the change
	 * @return the result of the change
	 * @throws IOException if the change fails, or the lock cannot be taken
	 */
	<T> T locked(Path path, Action<T> action) throws IOException {
		int index = EntryPaths.name(path).hashCode() & (COUNT - 1);
		Lock lock = locks.get(index);
		lock.lock();
		try {
			FileLock fileLock = lock(index);
			try {
				return action.run();
			}
			finally {
				fileLock.close();
			}
		}
		finally {
			lock.unlock();
		}
	}

	private FileLock lock(int index) throws IOException {
		while (true) {
			Opened opened = open();
			FileLock lock = lock(opened.channel(), index);
			boolean current = false;
			try {
				current = opened.isCurrent(this.file);
			}
			finally {
				if (!current) {
					lock.close();
				}
			}
			if (current) {
				return lock;
			}
			// Somebody has deleted the directory: others lock another file by now
			reopen(opened);
		}
	}

	/**
	 * Take a lock, in attempts: who waits within the operating system and is interrupted
	 * closes the channel, and takes the locks of all others away.
	 */
	private FileLock lock(FileChannel channel, int index) throws IOException {
		long start = System.nanoTime();
		boolean interrupted = false;
		try {
			while (true) {
				FileLock lock = tryLock(channel, index);
				if (lock != null) {
					return lock;
				}
				if (System.nanoTime() - start > TIMEOUT) {
					throw new CacheStoreException(
							"The lock file " + this.file + " is locked by another process, for " + "longer than "
									+ TimeUnit.NANOSECONDS.toSeconds(TIMEOUT) + " s. Find out who holds the lock",
							null);
				}
				try {
					TimeUnit.MILLISECONDS.sleep(1);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private static @Nullable FileLock tryLock(FileChannel channel, int index) throws IOException {
		try {
			return channel.tryLock(index, 1, false);
		}
		catch (OverlappingFileLockException ex) {
			// By this class in another class loader
			return null;
		}
	}

	private Opened open() throws IOException {
		Opened opened = this.opened;
		if (opened != null) {
			return opened;
		}
		this.opening.lock();
		try {
			opened = this.opened;
			if (opened == null) {
				opened = create();
				this.opened = opened;
			}
			return opened;
		}
		finally {
			this.opening.unlock();
		}
	}

	private Opened create() throws IOException {
		PrivateFiles.createDirectories(Objects.requireNonNull(this.file.getParent()));
		try {
			PrivateFiles.createFile(this.file);
		}
		catch (FileAlreadyExistsException ex) {
			// Used before, or another process was faster
		}
		Object identity = identity(this.file);
		return new Opened(FileChannel.open(this.file, StandardOpenOption.WRITE), identity);
	}

	private void reopen(Opened old) throws IOException {
		this.opening.lock();
		try {
			if (this.opened == old) {
				this.opened = null;
				old.channel().close();
			}
		}
		finally {
			this.opening.unlock();
		}
	}

	private static @Nullable Object identity(Path file) throws IOException {
		return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
	}

	/**
	 * Close the file while no store of this process holds a lock of it.
	 */
	@Override
	public void close() throws IOException {
		locks.forEach(Lock::lock);
		try {
			Opened opened = this.opened;
			if (opened != null) {
				this.opened = null;
				opened.channel().close();
			}
		}
		finally {
			locks.forEach(Lock::unlock);
		}
	}

	/**
	 * A change of an entry.
	 */
	@FunctionalInterface
	interface Action<T> {

		T run() throws IOException;

	}

	/**
	 * The lock file, and what tells it from another one that takes its place.
	 */
	private record Opened(FileChannel channel, @Nullable Object identity) {

		boolean isCurrent(Path file) throws IOException {
			try {
				return Objects.equals(this.identity, EntryLocks.identity(file));
			}
			catch (NoSuchFileException ex) {
				return false;
			}
		}

	}

}
