package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

import io.github.llmcache.cache.CacheStoreException;

/**
 * Says what to do about a failure of the file system.
 */
final class FileFailures {

	private FileFailures() {
	}

	/**
	 * Translate what has been thrown.
	 * @param path the file or directory that was used
	 * @param cause what has been thrown
	 * @return the exception to throw instead
	 */
	static CacheStoreException translate(Path path, IOException cause) {
		return new CacheStoreException("The cache file " + path + " " + describe(cause), cause);
	}

	private static String describe(IOException cause) {
		String message = String.valueOf(cause.getMessage());
		if (cause instanceof AccessDeniedException || message.contains("Read-only file system")) {
			return "cannot be accessed. Make it and its directory readable and writable for this user, or set "
					+ "llmcache.directory to another one";
		}
		if (cause instanceof NotDirectoryException || cause instanceof FileAlreadyExistsException
				|| message.contains("Not a directory")) {
			return "cannot be accessed. Make sure that its directory is one and writable for this user, or set "
					+ "llmcache.directory to another one";
		}
		if (message.contains("No space left") || message.contains("quota")) {
			return "cannot be written: the disk or the user's quota is full. Free some space, or delete entries";
		}
		if (message.contains("Too many open files")) {
			return "cannot be opened: there are too many open files. Raise the limit";
		}
		if (cause instanceof AtomicMoveNotSupportedException) {
			return "cannot be replaced at once. Set llmcache.directory to one on a local file system";
		}
		return "cannot be read or written (" + cause.getClass().getSimpleName() + "). Check the disk, and that "
				+ "llmcache.directory is on a local file system";
	}

}
