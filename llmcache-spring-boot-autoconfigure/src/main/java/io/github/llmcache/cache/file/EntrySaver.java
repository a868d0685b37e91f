package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.StoreFailures;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Saves entries one by one. An entry that fails keeps no other from being saved.
 * Thread-safe.
 */
final class EntrySaver {

	private static final Log logger = LogFactory.getLog(EntrySaver.class);

	private final EntrySource source;

	private final EntryFormat format;

	private final EntryFiles files;

	private final EntryLocks locks;

	EntrySaver(EntrySource source, EntryFormat format, EntryFiles files, EntryLocks locks) {
		this.source = source;
		this.format = format;
		this.files = files;
		this.locks = locks;
	}

	void putAll(List<CacheEntry> entries) {
		forEach(entries, (file, entry) -> {
			byte[] bytes = this.format.write(entry);
			this.locks.locked(file, () -> replace(file, bytes, entry));
		});
	}

	void appendAll(List<CacheEntry> entries) {
		forEach(entries, (file, entry) -> this.locks.locked(file,
				() -> replace(file, this.format.write(withStoredResponses(entry)), entry)));
	}

	/**
	 * Replace a file. It counts as used when the newest response was made.
	 */
	private Path replace(Path file, byte[] bytes, CacheEntry entry) throws IOException {
		this.files.replace(file, bytes);
		List<CachedResponse> responses = entry.responses();
		try {
			Files.setLastModifiedTime(file, FileTime.from(responses.get(responses.size() - 1).createdAt()));
		}
		catch (IOException ex) {
			// The entry is stored, and counts as used now
			logger.debug("The time of " + file + " cannot be changed", ex);
		}
		return file;
	}

	private CacheEntry withStoredResponses(CacheEntry entry) {
		FileStoredEntry stored = this.source.find(entry.key());
		CacheEntry readable = (stored != null) ? EntrySource.readable(stored) : null;
		if (readable == null || isExpired(readable, entry.createdAt())) {
			return entry;
		}
		List<CachedResponse> responses = new ArrayList<>(readable.responses());
		responses.addAll(entry.responses());
		return new CacheEntry(entry.key(), entry.namespace(), responses,
				earlier(readable.expiresAt(), entry.expiresAt()), entry.request());
	}

	private static boolean isExpired(CacheEntry entry, Instant now) {
		return entry.expiresAt() != null && !now.isBefore(entry.expiresAt());
	}

	private static @Nullable Instant earlier(@Nullable Instant first, @Nullable Instant second) {
		if (first == null || second == null) {
			return (first != null) ? first : second;
		}
		return first.isBefore(second) ? first : second;
	}

	private void forEach(List<CacheEntry> entries, Save save) {
		StoreFailures failures = new StoreFailures();
		for (CacheEntry entry : entries) {
			Path file = this.source.file(entry.key());
			try {
				save.run(file, entry);
			}
			catch (CacheStoreException ex) {
				failures.add(ex);
			}
			catch (IOException ex) {
				failures.add(FileFailures.translate(file, ex));
			}
		}
		failures.throwFirst();
	}

	@FunctionalInterface
	private interface Save {

		void run(Path file, CacheEntry entry) throws IOException;

	}

}
