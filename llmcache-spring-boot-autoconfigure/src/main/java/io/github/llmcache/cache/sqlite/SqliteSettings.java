package io.github.llmcache.cache.sqlite;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How the SQLite store works.
 *
 * @param directory where the database files are; created, private to the user, if it does
 * not exist
 * @param synchronous what a commit waits for
 * @param busyTimeout how long to wait for another process that holds a lock
 * @param readers the most connections that read one file at the same time
 * @param mmapSize how many bytes of a file are mapped into memory, 0 for none
 * @param maxOpenFiles how many database files are kept open when they are not in use; the
 * one that was used least recently is closed first
 * @param storeRequests whether requests are kept beside their entries
 */
public record SqliteSettings(Path directory, Synchronous synchronous, Duration busyTimeout, int readers, long mmapSize,
		int maxOpenFiles, boolean storeRequests) {

	public SqliteSettings {
		Objects.requireNonNull(directory, "'directory' must not be null");
		Objects.requireNonNull(synchronous, "'synchronous' must not be null");
		Objects.requireNonNull(busyTimeout, "'busyTimeout' must not be null");
		if (busyTimeout.isNegative() || busyTimeout.toMillis() > Integer.MAX_VALUE) {
			throw new IllegalArgumentException("'busyTimeout' must be between 0 and " + Integer.MAX_VALUE + " ms");
		}
		if (readers < 1) {
			throw new IllegalArgumentException("'readers' must be at least 1");
		}
		if (mmapSize < 0) {
			throw new IllegalArgumentException("'mmapSize' must not be negative");
		}
		if (maxOpenFiles < 1) {
			throw new IllegalArgumentException("'maxOpenFiles' must be at least 1");
		}
		directory = directory.toAbsolutePath();
	}

	/**
	 * Create settings with the defaults.
	 * @param directory where the database files are
	 * @return the settings
	 */
	public static SqliteSettings of(Path directory) {
		return new SqliteSettings(directory, Synchronous.NORMAL, Duration.ofSeconds(10),
				Math.min(4, Runtime.getRuntime().availableProcessors()), 0, 64, true);
	}

	/**
	 * What a commit waits for.
	 */
	public enum Synchronous {

		/**
		 * Until the operating system has the data: it survives the end of the process,
		 * the last commits not that of the machine.
		 */
		NORMAL,

		/** Until the disk has the data: it survives a power failure. */
		FULL

	}

}
