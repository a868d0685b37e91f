package io.github.llmcache.cache.file;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How the file store works.
 *
 * @param directory where the files are; created, private to the user, if it does not
 * exist
 * @param maxEntrySize the most bytes that the bodies of an entry may have. Reading an
 * entry takes a few times as much memory at the most
 * @param storeRequests whether requests are kept with their entries
 */
public record FileSettings(Path directory, long maxEntrySize, boolean storeRequests) {

	/** A file has to be one array of bytes, with room for what is beside the bodies. */
	private static final long MAX_ENTRY_SIZE = Integer.MAX_VALUE / 2;

	public FileSettings {
		Objects.requireNonNull(directory, "'directory' must not be null");
		if (maxEntrySize < 1 || maxEntrySize > MAX_ENTRY_SIZE) {
			throw new IllegalArgumentException("'maxEntrySize' must be between 1 and " + MAX_ENTRY_SIZE);
		}
		directory = directory.toAbsolutePath();
	}

}
