package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;

/**
 * Deletes entries one by one, and the directories that become empty with them.
 * Thread-safe.
 */
final class EntryDeletion {

	private final EntrySource source;

	private final FileWalk walk;

	private final EntryLocks locks;

	EntryDeletion(EntrySource source, FileWalk walk, EntryLocks locks) {
		this.source = source;
		this.walk = walk;
		this.locks = locks;
	}

	long deleteAll(Collection<CacheKey> keys) {
		return keys.stream().filter(this::delete).count();
	}

	private boolean delete(CacheKey key) {
		// Somewhere in the file, perhaps, and others want to know it afterwards
		key.fingerprint();
		return delete(this.source.file(key), (existing) -> true);
	}

	long deleteModel(String model) {
		return deleteFrom(this.walk.model(model), (file) -> true);
	}

	long deleteNamespace(String namespace) {
		return this.walk.models()
			.stream()
			.mapToLong((model) -> deleteFrom(model, (file) -> isIn(namespace, file)))
			.sum();
	}

	/**
	 * Whether a file that cannot be read is in a namespace, nobody knows.
	 */
	private boolean isIn(String namespace, Path file) {
		FileStoredEntry stored = this.source.find(file);
		CacheEntry entry = (stored != null) ? EntrySource.readable(stored) : null;
		return entry != null && entry.namespace().equals(namespace);
	}

	private long deleteFrom(Path modelDirectory, Predicate<Path> condition) {
		LongAdder deleted = new LongAdder();
		this.walk.forEachFile(modelDirectory, (file) -> deleted.add(delete(file, condition) ? 1 : 0));
		if (deleted.sum() > 0) {
			this.walk.deleteEmpty(modelDirectory);
		}
		return deleted.sum();
	}

	private boolean delete(Path file, Predicate<Path> condition) {
		try {
			// Before the lock, which would create the directory
			return Files.isRegularFile(file)
					&& this.locks.locked(file, () -> condition.test(file) && Files.deleteIfExists(file));
		}
		catch (IOException ex) {
			throw FileFailures.translate(file, ex);
		}
	}

}
