package io.github.llmcache.cache;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The {@link StoreMark} of a store that keeps its entries in a directory, in a hidden
 * file of its own there.
 */
public final class MarkFile implements StoreMark {

	private static final long PAUSE_MILLIS = 20;

	private final Path directory;

	private final Path file;

	private final Path temporary;

	private final Path lockFile;

	private final Path leaseFile;

	/** A lock of a file belongs to the process. */
	private final Lock threads = new ReentrantLock();

	/**
	 * Create a mark. Nothing is opened or created before the first use.
	 * @param directory the directory of the store
	 * @param backend the name of the store, for several may share the directory
	 */
	public MarkFile(Path directory, String backend) {
		String name = ".llmcache." + backend + ".encryption";
		this.directory = directory;
		this.file = directory.resolve(name);
		this.temporary = directory.resolve(name + ".tmp");
		this.lockFile = directory.resolve(name + ".lock");
		this.leaseFile = directory.resolve(name + ".lease");
	}

	@Override
	public byte @Nullable [] read() {
		try {
			return readFile();
		}
		catch (IOException ex) {
			throw failed("read", ex);
		}
	}

	private byte @Nullable [] readFile() throws IOException {
		try (InputStream input = Files.newInputStream(this.file)) {
			// One more, so that what is too long is not taken for a mark
			return input.readNBytes(MAX_LENGTH + 1);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	@Override
	public boolean replace(byte @Nullable [] expected, byte @Nullable [] mark) {
		this.threads.lock();
		try {
			PrivateFiles.createDirectories(this.directory);
			createIfMissing(this.lockFile);
			try (FileChannel channel = FileChannel.open(this.lockFile, StandardOpenOption.WRITE)) {
				while (tryLock(channel) == null) {
					TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
				}
				if (!Arrays.equals(expected, readFile())) {
					return false;
				}
				write(mark);
				// The lock is released with the channel
				return true;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CacheStoreException("Interrupted while waiting for " + this.lockFile, ex);
		}
		catch (IOException ex) {
			throw failed("written", ex);
		}
		finally {
			this.threads.unlock();
		}
	}

	private void write(byte @Nullable [] mark) throws IOException {
		if (mark == null) {
			Files.deleteIfExists(this.file);
			return;
		}
		Files.deleteIfExists(this.temporary);
		PrivateFiles.createFile(this.temporary);
		try (FileOutputStream output = new FileOutputStream(this.temporary.toFile())) {
			output.write(mark);
			output.getFD().sync();
		}
		Files.move(this.temporary, this.file, StandardCopyOption.ATOMIC_MOVE);
	}

	@Override
	public @Nullable CallLease tryLease() {
		try {
			PrivateFiles.createDirectories(this.directory);
			createIfMissing(this.leaseFile);
			FileChannel channel = FileChannel.open(this.leaseFile, StandardOpenOption.WRITE);
			if (tryLock(channel) != null) {
				return () -> close(channel);
			}
			channel.close();
			return null;
		}
		catch (IOException ex) {
			throw failed("locked", ex);
		}
	}

	private static void close(FileChannel channel) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			// The operating system ends it with the process
		}
	}

	private static void createIfMissing(Path file) throws IOException {
		try {
			PrivateFiles.createFile(file);
		}
		catch (FileAlreadyExistsException ex) {
			// Used before, or somebody else was faster
		}
	}

	private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			// Held by another store of this process
			return null;
		}
	}

	private CacheStoreException failed(String what, IOException cause) {
		return new CacheStoreException(
				"The file " + this.file + ", which says how the cache is encrypted, cannot be " + what + " ("
						+ cause.getClass().getSimpleName() + "). Make sure that its directory is one that this user "
						+ "may read and write, or set llmcache.directory to another one",
				cause);
	}

}
