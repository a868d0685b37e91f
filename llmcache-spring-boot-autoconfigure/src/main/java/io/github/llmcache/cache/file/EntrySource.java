package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.file.EntryFiles.Content;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of entries. Thread-safe.
 */
final class EntrySource {

	private final EntryPaths paths;

	private final EntryFormat format;

	private final EntryFiles files;

	private final DamageLog damages = new DamageLog();

	EntrySource(EntryPaths paths, EntryFormat format, EntryFiles files) {
		this.paths = paths;
		this.format = format;
		this.files = files;
	}

	Path file(CacheKey key) {
		return this.paths.file(key);
	}

	/**
	 * Find the entry of a key. Costs one attempt to open a file.
	 * @param key the key
	 * @return the entry, or {@code null} if there is none
	 * @throws CacheStoreException if there is one that cannot be accessed
	 */
	@Nullable FileStoredEntry find(CacheKey key) {
		Path file = this.paths.file(key);
		try {
			return entry(file, this.files.read(file), key);
		}
		catch (IOException ex) {
			throw FileFailures.translate(file, ex);
		}
	}

	/**
	 * Find the entry of a file that was seen in its folder.
	 * @param file the file
	 * @return the entry, or {@code null} if it has been deleted meanwhile or is no file
	 * @throws CacheStoreException if it cannot be accessed
	 */
	@Nullable FileStoredEntry find(Path file) {
		try {
			return entry(file, this.files.read(file), null);
		}
		catch (IOException ex) {
			if (Files.isDirectory(file)) {
				return null;
			}
			throw FileFailures.translate(file, ex);
		}
	}

	private @Nullable FileStoredEntry entry(Path file, @Nullable Content content, @Nullable CacheKey key) {
		return (content != null) ? new FileStoredEntry(file, content, key, this.format, this.paths, this.damages)
				: null;
	}

	/**
	 * Read an entry if that is possible.
	 * @param entry an entry
	 * @return what it says, or {@code null} if it cannot be read, which has been reported
	 * then
	 */
	static @Nullable CacheEntry readable(FileStoredEntry entry) {
		try {
			return entry.read();
		}
		catch (UnreadableEntryException ex) {
			return null;
		}
	}

}
