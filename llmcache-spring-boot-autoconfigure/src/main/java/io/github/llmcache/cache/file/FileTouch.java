package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.StoreFailures;

/**
 * Records when entries were last used, as the times at which their files were modified:
 * Git looks at the content before it calls a file changed. Thread-safe.
 */
final class FileTouch {

	private final EntryPaths paths;

	private final EntryLocks locks;

	FileTouch(EntryPaths paths, EntryLocks locks) {
		this.paths = paths;
		this.locks = locks;
	}

	void touch(Map<CacheKey, Instant> lastUsed) {
		StoreFailures failures = new StoreFailures();
		lastUsed.forEach((key, time) -> {
			Path file = this.paths.file(key);
			try {
				touch(file, FileTime.from(time));
			}
			catch (NoSuchFileException ex) {
				// Not stored, or deleted meanwhile
			}
			catch (CacheStoreException ex) {
				failures.add(ex);
			}
			catch (IOException ex) {
				failures.add(FileFailures.translate(file, ex));
			}
		});
		failures.throwFirst();
	}

	private void touch(Path file, FileTime time) throws IOException {
		// Before the lock, which would create the directory
		if (isBefore(file, time)) {
			this.locks.locked(file, () -> isBefore(file, time) ? Files.setLastModifiedTime(file, time) : file);
		}
	}

	private static boolean isBefore(Path file, FileTime time) throws IOException {
		return Files.getLastModifiedTime(file).compareTo(time) < 0;
	}

}
