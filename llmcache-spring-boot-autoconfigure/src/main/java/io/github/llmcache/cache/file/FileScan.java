package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredAmount;
import io.github.llmcache.cache.EntryDetails;
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
	 * Go through the details of entries. An entry that cannot be read is left out only if
	 * no entry of its directory says what the model is.
	 * @param model the model whose entries are wanted, or {@code null} for all models
	 * @param action is given the details of each entry
	 */
	void inspect(@Nullable String model, Consumer<? super EntryDetails> action) {
		if (model != null) {
			inspect(this.walk.model(model), model, action);
			return;
		}
		for (Path directory : this.walk.models()) {
			String found = this.walk.findFirst(directory, this::model);
			if (found != null) {
				inspect(directory, found, action);
			}
		}
	}

	private @Nullable String model(Path file) {
		CacheEntry entry = this.source.findDetails(file);
		return (entry != null) ? entry.key().model() : null;
	}

	private void inspect(Path directory, String model, Consumer<? super EntryDetails> action) {
		this.walk.forEachFile(directory, (file) -> {
			BasicFileAttributes attributes = attributes(file);
			if (attributes != null && attributes.isRegularFile()) {
				action.accept(new FileEntryDetails(file, model, attributes, this.source));
			}
		});
	}

	private static @Nullable BasicFileAttributes attributes(Path file) {
		try {
			return Files.readAttributes(file, BasicFileAttributes.class);
		}
		catch (NoSuchFileException ex) {
			// Deleted meanwhile
			return null;
		}
		catch (IOException ex) {
			throw FileFailures.translate(file, ex);
		}
	}

	/**
	 * Name the directories that have entries none of which can be read.
	 * @return a line each
	 */
	List<String> leftOut() {
		return this.walk.models()
			.stream()
			.filter((directory) -> this.walk.findFirst(directory, (file) -> file) != null
					&& this.walk.findFirst(directory, this::model) == null)
			.map((directory) -> "The cache directory " + directory + " holds entries, none of which can be read")
			.toList();
	}

	/**
	 * Measure what there is.
	 * @return one element a model of which there is an entry that can be read: only
	 * entries say what the model is
	 */
	List<StoreSize> sizes() {
		return this.walk.models().stream().map(this::size).filter(Objects::nonNull).toList();
	}

	/**
	 * Measure how much there is of a model, without reading it.
	 * @param model the model's id
	 * @return how much
	 */
	StoredAmount amount(String model) {
		LongAdder entries = new LongAdder();
		LongAdder bytes = new LongAdder();
		this.walk.forEachFile(this.walk.model(model), (file) -> {
			BasicFileAttributes attributes = attributes(file);
			if (attributes != null && attributes.isRegularFile()) {
				entries.increment();
				bytes.add(attributes.size());
			}
		});
		return new StoredAmount(entries.sum(), bytes.sum());
	}

	private @Nullable StoreSize size(Path directory) {
		Measured measured = new Measured();
		this.walk.forEachFile(directory, (file) -> {
			BasicFileAttributes attributes = attributes(file);
			if (attributes != null && attributes.isRegularFile()) {
				measured.add(attributes.size(), this.source.findDetails(file));
			}
		});
		return measured.size();
	}

	/**
	 * Adds up the entries of a model.
	 */
	private static final class Measured {

		private @Nullable String model;

		private long entries;

		private long bytes;

		private long costNanos;

		void add(long bytes, @Nullable CacheEntry entry) {
			this.entries++;
			this.bytes += bytes;
			if (entry != null) {
				this.model = entry.key().model();
				this.costNanos += entry.costNanos();
			}
		}

		@Nullable StoreSize size() {
			return (this.model != null) ? new StoreSize(this.model, this.entries, this.bytes, this.costNanos) : null;
		}

	}

}
