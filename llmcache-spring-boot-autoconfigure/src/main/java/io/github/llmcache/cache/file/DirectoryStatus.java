package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.PrivateFiles;
import io.github.llmcache.cache.StoreStatus;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a directory can be used, by using it. Thread-safe.
 */
final class DirectoryStatus {

	private static final String VERSION = "file format " + EntryFormat.VERSION;

	private static final byte[] CONTENT = { '{', '}' };

	private final Path directory;

	private final FileWalk walk;

	private final EntrySource source;

	private final EntryLocks locks;

	DirectoryStatus(Path directory, FileWalk walk, EntrySource source, EntryLocks locks) {
		this.directory = directory;
		this.walk = walk;
		this.source = source;
		this.locks = locks;
	}

	StoreStatus find() {
		return new StoreStatus(failure(this::read), failure(this::write), VERSION, freeBytes());
	}

	private @Nullable String failure(Attempt attempt) {
		try {
			attempt.run();
			return null;
		}
		catch (CacheStoreException ex) {
			return ex.getMessage();
		}
		catch (IOException ex) {
			return FileFailures.translate(this.directory, ex).getMessage();
		}
	}

	/**
	 * Read an entry, if there is one.
	 */
	private void read() throws IOException {
		if (Files.exists(this.directory) && !Files.isDirectory(this.directory)) {
			throw new NotDirectoryException(this.directory.toString());
		}
		for (Path model : this.walk.models()) {
			if (this.walk.findFirst(model, this.source::find) != null) {
				return;
			}
		}
	}

	private void write() throws IOException {
		if (!Files.exists(this.directory)) {
			checkCreatable();
			return;
		}
		Path file = this.directory.resolve(
				Leftovers.name("llmcache.status", HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())));
		if (Files.exists(this.directory.resolve(EntryLocks.FILE_NAME))) {
			this.locks.locked(file, () -> write(file));
		}
		else {
			write(file);
		}
	}

	private static Path write(Path file) throws IOException {
		PrivateFiles.createFile(file);
		try {
			return Files.write(file, CONTENT);
		}
		finally {
			Files.deleteIfExists(file);
		}
	}

	private void checkCreatable() throws IOException {
		Path parent = existing();
		if (!Files.isDirectory(parent)) {
			throw new NotDirectoryException(parent.toString());
		}
		if (!Files.isWritable(parent)) {
			throw new AccessDeniedException(parent.toString());
		}
	}

	private @Nullable Long freeBytes() {
		try {
			return Files.getFileStore(existing()).getUsableSpace();
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Return the directory, or what it would be created in.
	 */
	private Path existing() {
		Path existing = this.directory;
		while (existing.getParent() != null && !Files.exists(existing)) {
			existing = existing.getParent();
		}
		return existing;
	}

	/**
	 * An attempt to use the directory.
	 */
	@FunctionalInterface
	private interface Attempt {

		void run() throws IOException;

	}

}
