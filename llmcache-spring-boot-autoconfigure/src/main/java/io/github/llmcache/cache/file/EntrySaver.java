package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.StoreFailures;

/**
 * Saves entries one by one. An entry that fails keeps no other from being saved.
 * Thread-safe.
 */
final class EntrySaver {

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
			this.locks.locked(file, () -> replace(file, bytes));
		});
	}

	void appendAll(List<CacheEntry> entries) {
		forEach(entries, (file, entry) -> this.locks.locked(file,
				() -> replace(file, this.format.write(withStoredResponses(entry)))));
	}

	private boolean replace(Path file, byte[] bytes) throws IOException {
		this.files.replace(file, bytes);
		return true;
	}

	private CacheEntry withStoredResponses(CacheEntry entry) {
		FileStoredEntry stored = this.source.find(entry.key());
		CacheEntry readable = (stored != null) ? EntrySource.readable(stored) : null;
		if (readable == null) {
			return entry;
		}
		List<CachedResponse> responses = new ArrayList<>(readable.responses());
		responses.addAll(entry.responses());
		return new CacheEntry(entry.key(), entry.namespace(), responses, entry.expiresAt(), entry.request());
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
