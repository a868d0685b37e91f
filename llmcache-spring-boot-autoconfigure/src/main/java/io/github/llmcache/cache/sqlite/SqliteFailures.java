package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Pattern;

import io.github.llmcache.cache.CacheStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failure means and what to do about it.
 */
final class SqliteFailures {

	// Result codes of SQLite, https://www.sqlite.org/rescode.html. Written down here, for
	// the driver's own constants would load the driver.

	private static final int ERROR = 1;

	private static final int PERM = 3;

	private static final int BUSY = 5;

	private static final int LOCKED = 6;

	private static final int NOMEM = 7;

	private static final int READONLY = 8;

	private static final int INTERRUPT = 9;

	private static final int IOERR = 10;

	private static final int CORRUPT = 11;

	private static final int FULL = 13;

	private static final int CANTOPEN = 14;

	private static final int PROTOCOL = 15;

	private static final int NOTADB = 26;

	/** A statement can also fail because of what SQLite lacks, and the file does not. */
	private static final Pattern MISSING = Pattern.compile("no such table|no such column|has no column named");

	/**
	 * Tables that a file has which does not say so, or a format that SQLite does not
	 * know.
	 */
	private static final Pattern UNEXPECTED = Pattern.compile("table .+ already exists|unsupported file format");

	private final Duration busyTimeout;

	SqliteFailures(Duration busyTimeout) {
		this.busyTimeout = busyTimeout;
	}

	/**
	 * Translate what has been thrown.
	 * @param file the file that was used
	 * @param cause what has been thrown
	 * @return the exception to throw instead
	 */
	CacheStoreException translate(Path file, Throwable cause) {
		if (cause instanceof CacheStoreException exception) {
			return exception;
		}
		return new CacheStoreException("The cache file " + file + " " + describe(cause), cause);
	}

	private String describe(Throwable cause) {
		if (isCausedByLinkage(cause)) {
			return "cannot be used, for SQLite's native library cannot be loaded. Set the system property "
					+ "org.sqlite.tmpdir to a directory that is writable and may hold executable code (is the "
					+ "temporary directory mounted noexec?), or choose another llmcache.backend";
		}
		if (findCause(cause, IOException.class) != null) {
			return "cannot be accessed. Make sure that its directory is one and writable for this user, or set "
					+ "llmcache.directory to another one";
		}
		return switch (code(cause)) {
			case BUSY, LOCKED, PROTOCOL ->
				"is locked by another process, for longer than llmcache.sqlite.busy-timeout ("
						+ this.busyTimeout.toMillis() + " ms). Find out who holds the lock, or increase the timeout";
			case FULL -> "cannot grow: the disk or the user's quota is full. Free some space, or delete entries";
			case READONLY, PERM -> "cannot be written. Make it and its directory writable for this user, or set "
					+ "llmcache.directory to another one";
			case CANTOPEN -> "cannot be opened. Make it and its directory readable and writable for this user, check "
					+ "the limit of open files, or set llmcache.directory to another one";
			case CORRUPT, NOTADB -> "is damaged or not an SQLite database. Move it (and its -wal and -shm files) away; "
					+ "it will be created anew";
			case IOERR -> "cannot be read or written: an input/output error. Check the disk, and that "
					+ "llmcache.directory is on a local file system";
			default -> "cannot be used (" + cause.getClass().getSimpleName() + ")";
		};
	}

	/**
	 * Return whether waiting may help.
	 * @param cause what has been thrown
	 * @return whether somebody else holds a lock
	 */
	static boolean isBusy(Throwable cause) {
		int code = code(cause);
		return code == BUSY || code == LOCKED || code == PROTOCOL;
	}

	/**
	 * Return whether the file is not one of ours: no database, or one with other tables.
	 * @param cause what has been thrown
	 * @return whether the file is something else
	 */
	static boolean isForeign(Throwable cause) {
		int code = code(cause);
		return code == ERROR || code == NOTADB;
	}

	/**
	 * Return whether the file is no database, or damaged where it says that it is one.
	 * @param cause what has been thrown
	 * @return whether it cannot be read at all
	 */
	static boolean isNoDatabase(Throwable cause) {
		return code(cause) == NOTADB;
	}

	/**
	 * Return whether the file may be damaged: it is no database, one that contradicts
	 * itself, or one without the tables that it should have.
	 * @param cause what has been thrown
	 * @return whether it is worth looking
	 */
	static boolean isSuspicious(Throwable cause) {
		return isDamage(cause) || isMissing(cause) || isError(cause, UNEXPECTED);
	}

	/**
	 * Return whether the file is damaged, as far as SQLite has read it.
	 * @param cause what has been thrown
	 * @return whether it is damaged
	 */
	static boolean isDamage(Throwable cause) {
		return isDamage(code(cause));
	}

	/**
	 * Return whether a result code says that the file is damaged.
	 * @param code the result code, extended or not
	 * @return whether it is damaged
	 */
	static boolean isDamage(int code) {
		return (code & 0xFF) == CORRUPT || (code & 0xFF) == NOTADB;
	}

	/**
	 * Return whether a disk, memory or somebody who holds a lock kept SQLite from
	 * reading, which may go better later.
	 * @param cause what has been thrown
	 * @return whether it says nothing about what is in the file
	 */
	static boolean isPassing(Throwable cause) {
		int code = code(cause);
		return isBusy(cause) || code == NOMEM || code == INTERRUPT || code == IOERR || code == CANTOPEN;
	}

	/**
	 * Return whether a table or column is missing.
	 * @param cause what has been thrown
	 * @return whether a statement does not fit the file
	 */
	static boolean isMissing(Throwable cause) {
		return isError(cause, MISSING);
	}

	private static boolean isError(Throwable cause, Pattern message) {
		SQLException exception = findCause(cause, SQLException.class);
		return exception != null && code(exception) == ERROR
				&& message.matcher(String.valueOf(exception.getMessage())).find();
	}

	private static int code(Throwable cause) {
		SQLException exception = findCause(cause, SQLException.class);
		// What is above the first byte are details of it
		return (exception != null) ? exception.getErrorCode() & 0xFF : 0;
	}

	private static boolean isCausedByLinkage(Throwable cause) {
		if (findCause(cause, LinkageError.class) != null) {
			return true;
		}
		for (Throwable current = cause; current != null; current = current.getCause()) {
			if (current.getClass().getSimpleName().equals("NativeLibraryNotFoundException")) {
				return true;
			}
		}
		return false;
	}

	private static <T extends Throwable> @Nullable T findCause(Throwable throwable, Class<T> type) {
		for (Throwable current = throwable; current != null; current = current.getCause()) {
			if (type.isInstance(current) && !(current instanceof SQLException exception && exception.getErrorCode() == 0
					&& current.getCause() != null)) {
				return type.cast(current);
			}
		}
		return null;
	}

}
