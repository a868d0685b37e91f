package io.github.llmcache.cache.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

import io.github.llmcache.cache.PrivateFiles;
import org.jspecify.annotations.Nullable;

/**
 * Reads and replaces whole files: whoever reads one sees all of the old or all of the new
 * content. A file is not forced to the disk: what a process has written survives it
 * without. Thread-safe.
 */
final class EntryFiles {

	/** More would be kept outside the heap for each thread that has ever read a file. */
	private static final int MAX_TRANSFER = 64 * 1024;

	/** How often others may delete a folder while a file is created in it. */
	private static final int MAX_ATTEMPTS = 20;

	private final int maxFileSize;

	private final Leftovers leftovers;

	EntryFiles(int maxFileSize, InstantSource clock) {
		this.maxFileSize = maxFileSize;
		this.leftovers = new Leftovers(clock);
	}

	/**
	 * Return the most bytes that a file may have to be read.
	 */
	int maxFileSize() {
		return this.maxFileSize;
	}

	/**
	 * Read a file. Goes through a stream, for a channel would be closed if the thread is
	 * interrupted.
	 * @param file the file
	 * @return its content, or {@code null} if there is no file
	 * @throws IOException if it cannot be read
	 */
	@Nullable Content read(Path file) throws IOException {
		try (InputStream input = Files.newInputStream(file)) {
			int size = input.available();
			if (size > this.maxFileSize) {
				if (Files.isDirectory(file)) {
					// Newer JDKs say that it is as large as can be
					throw new IOException("Is a directory");
				}
				return new Content(Files.size(file), null);
			}
			byte[] bytes = new byte[size];
			int length = 0;
			int read = 0;
			while (length < size && read >= 0) {
				read = input.read(bytes, length, Math.min(MAX_TRANSFER, size - length));
				length += Math.max(read, 0);
			}
			return new Content(size, bytes);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	/**
	 * Create or replace a file.
	 * @param file the file
	 * @param bytes its content
	 * @throws IOException if it cannot be written: then it is as it was
	 */
	void replace(Path file, byte[] bytes) throws IOException {
		Path folder = Objects.requireNonNull(file.getParent());
		boolean replaced = false;
		for (int attempt = 1; !replaced; attempt++) {
			replaced = tryReplace(file, bytes, attempt == MAX_ATTEMPTS);
		}
		this.leftovers.deleteOld(folder);
	}

	/**
	 * Replace a file, unless somebody deletes what is to take its place: with the whole
	 * folder, or because of a clock that was set ahead, by which it is old.
	 */
	private static boolean tryReplace(Path file, byte[] bytes, boolean last) throws IOException {
		Path temporary = createTemporary(Objects.requireNonNull(file.getParent()), EntryPaths.name(file));
		try {
			write(temporary, bytes);
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
			return true;
		}
		catch (NoSuchFileException ex) {
			if (last) {
				throw ex;
			}
			return false;
		}
		catch (IOException | RuntimeException ex) {
			deleteAfter(ex, temporary);
			throw ex;
		}
	}

	/**
	 * Delete what killed writers have left behind, unless that was done lately.
	 * @param folder the folder
	 */
	void deleteLeftovers(Path folder) {
		this.leftovers.deleteOld(folder);
	}

	private static Path createTemporary(Path folder, String name) throws IOException {
		String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
		Path temporary = folder.resolve(Leftovers.name(name, random));
		for (int attempt = 1; true; attempt++) {
			try {
				PrivateFiles.createFile(temporary);
				return temporary;
			}
			catch (NoSuchFileException ex) {
				if (attempt == MAX_ATTEMPTS) {
					throw ex;
				}
				createFolder(folder);
			}
		}
	}

	private static void createFolder(Path folder) throws IOException {
		try {
			PrivateFiles.createDirectories(folder);
		}
		catch (NoSuchFileException ex) {
			// Somebody deletes the model, whose directory was empty: the next attempt
			// tells
		}
	}

	private static void write(Path file, byte[] bytes) throws IOException {
		try (OutputStream output = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
			for (int i = 0; i < bytes.length; i += MAX_TRANSFER) {
				output.write(bytes, i, Math.min(MAX_TRANSFER, bytes.length - i));
			}
		}
	}

	private static void deleteAfter(Exception failure, Path temporary) {
		try {
			Files.deleteIfExists(temporary);
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * What a file holds.
	 *
	 * @param size its length in bytes
	 * @param bytes its content, or {@code null} if it is too large to be read
	 */
	record Content(long size, byte @Nullable [] bytes) {
	}

}
