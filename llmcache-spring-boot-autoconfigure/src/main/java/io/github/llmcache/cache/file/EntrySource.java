package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.file.EntryFiles.Content;
import io.github.llmcache.cache.file.EntryParser.Wanted;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of entries. Thread-safe.
 */
final class EntrySource {

	private final EntryPaths paths;

	private final EntryFormat format;

	private final EntryFiles files;

	private final DamageLog damages;

	EntrySource(EntryPaths paths, EntryFormat format, EntryFiles files, DamageLog damages) {
		this.paths = paths;
		this.format = format;
		this.files = files;
		this.damages = damages;
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
		return find(key, Wanted.RESPONSES);
	}

	/**
	 * Find the entry of a key with its request, otherwise as {@link #find(CacheKey)}.
	 */
	@Nullable FileStoredEntry findWithRequest(CacheKey key) {
		return find(key, Wanted.EVERYTHING);
	}

	private @Nullable FileStoredEntry find(CacheKey key, Wanted wanted) {
		Path file = this.paths.file(key);
		try {
			return entry(file, this.files.read(file), key, wanted);
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
		return find(file, Wanted.EVERYTHING);
	}

	/**
	 * Read the entry of a file but for its bodies.
	 * @param file the file
	 * @return the entry, or {@code null} if there is none or it cannot be read
	 * @throws CacheStoreException if it cannot be accessed
	 */
	@Nullable CacheEntry findDetails(Path file) {
		FileStoredEntry stored = find(file, Wanted.DETAILS);
		return (stored != null) ? readable(stored) : null;
	}

	private @Nullable FileStoredEntry find(Path file, Wanted wanted) {
		try {
			return entry(file, this.files.read(file), null, wanted);
		}
		catch (IOException ex) {
			if (Files.isDirectory(file)) {
				return null;
			}
			throw FileFailures.translate(file, ex);
		}
	}

	private @Nullable FileStoredEntry entry(Path file, @Nullable Content content, @Nullable CacheKey key,
			Wanted wanted) {
		return (content != null)
				? new FileStoredEntry(file, content, key, wanted, this.format, this.paths, this.damages) : null;
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
