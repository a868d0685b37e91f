package io.github.llmcache.cache.file;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CachedResponse;
import org.jspecify.annotations.Nullable;

/**
 * Reads all files, one after the other. Thread-safe.
 */
final class FileScan {

	private final EntrySource source;

	private final FileWalk walk;

	FileScan(EntrySource source, FileWalk walk) {
		this.source = source;
		this.walk = walk;
	}

	/**
	 * Go through the entries.
	 * @param model the model whose entries are wanted, or {@code null} for all models
	 * @param action is given each entry
	 */
	void forEach(@Nullable String model, Consumer<? super FileStoredEntry> action) {
		List<Path> directories = (model != null) ? List.of(this.walk.model(model)) : this.walk.models();
		directories.forEach((directory) -> forEach(directory, action));
	}

	private void forEach(Path directory, Consumer<? super FileStoredEntry> action) {
		this.walk.forEachFile(directory, (file) -> {
			FileStoredEntry entry = this.source.find(file);
			if (entry != null) {
				action.accept(entry);
			}
		});
	}

	/**
	 * Measure what there is.
	 * @return one element a model of which there is an entry that can be read: only
	 * entries say what the model is
	 */
	List<StoreSize> sizes() {
		return this.walk.models()
			.stream()
			.map(this::measure)
			.filter((measured) -> measured.model != null)
			.map(Measured::size)
			.toList();
	}

	private Measured measure(Path directory) {
		Measured measured = new Measured();
		forEach(directory, measured::add);
		return measured;
	}

	/**
	 * Adds up the entries of a model.
	 */
	private static final class Measured {

		private @Nullable String model;

		private long entries;

		private long bytes;

		private long costNanos;

		void add(FileStoredEntry stored) {
			this.entries++;
			this.bytes += stored.content().size();
			CacheEntry entry = EntrySource.readable(stored);
			if (entry != null) {
				this.model = entry.key().model();
				for (CachedResponse response : entry.responses()) {
					Long costNanos = response.costNanos();
					this.costNanos += (costNanos != null) ? costNanos : 0;
				}
			}
		}

		StoreSize size() {
			return new StoreSize(String.valueOf(this.model), this.entries, this.bytes, this.costNanos);
		}

	}

}
