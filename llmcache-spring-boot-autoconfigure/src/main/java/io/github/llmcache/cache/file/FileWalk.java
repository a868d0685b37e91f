package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheStoreException;

/**
 * Goes through directories in bounded memory, past all that is not ours.
 */
final class FileWalk {

	private final EntryPaths paths;

	FileWalk(EntryPaths paths) {
		this.paths = paths;
	}

	/**
	 * Find the directories of all models.
	 * @return the directories that look like it
	 */
	List<Path> models() {
		List<Path> models = new ArrayList<>();
		list(this.paths.directory(), EntryPaths::isModelDirectory, models::add);
		return models;
	}

	/**
	 * Return the directory of a model, whether it exists or not.
	 */
	Path model(String model) {
		return this.paths.modelDirectory(model);
	}

	/**
	 * Go through the files of a model.
	 * @param modelDirectory the model's directory
	 * @param action is given each file that may be that of an entry
	 */
	void forEachFile(Path modelDirectory, Consumer<Path> action) {
		list(modelDirectory, EntryPaths::isFolder, (folder) -> list(folder, EntryPaths::isFile, action));
	}

	/**
	 * Delete the directories of a model that are empty.
	 * @param modelDirectory the model's directory
	 */
	void deleteEmpty(Path modelDirectory) {
		list(modelDirectory, EntryPaths::isFolder, FileWalk::deleteIfEmpty);
		deleteIfEmpty(modelDirectory);
	}

	private static void deleteIfEmpty(Path directory) {
		if (Files.isSymbolicLink(directory)) {
			// Which could be deleted whatever it leads to
			return;
		}
		try {
			Files.deleteIfExists(directory);
		}
		catch (DirectoryNotEmptyException ex) {
			// Somebody has written, or it holds something that is not ours
		}
		catch (IOException ex) {
			throw FileFailures.translate(directory, ex);
		}
	}

	private static void list(Path directory, DirectoryStream.Filter<Path> filter, Consumer<Path> action) {
		try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, filter)) {
			paths.forEach(action);
		}
		catch (NoSuchFileException | NotDirectoryException ex) {
			// Nothing has been stored yet, or it is something else
		}
		catch (DirectoryIteratorException ex) {
			throw new CacheStoreException("The cache directory " + directory + " cannot be read", ex.getCause());
		}
		catch (IOException ex) {
			throw new CacheStoreException("The cache directory " + directory + " cannot be read", ex);
		}
	}

}
