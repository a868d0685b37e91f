package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.llmcache.cache.CacheStoreException;
import org.jspecify.annotations.Nullable;

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
	 * Go through the files of a model, for as long as nothing is found.
	 * @param <T> the type of what is looked for
	 * @param modelDirectory the model's directory
	 * @param search is given each file that may be that of an entry, and returns what it
	 * has found or {@code null}
	 * @return what has been found, or {@code null}
	 */
	<T> @Nullable T findFirst(Path modelDirectory, Function<Path, @Nullable T> search) {
		return find(modelDirectory, EntryPaths::isFolder, (folder) -> find(folder, EntryPaths::isFile, search));
	}

	/**
	 * Go through the directories of a model, its own among them.
	 * @param modelDirectory the model's directory
	 * @param action is given each directory that there is
	 */
	void forEachFolder(Path modelDirectory, Consumer<Path> action) {
		list(modelDirectory, EntryPaths::isFolder, action);
		if (Files.isDirectory(modelDirectory)) {
			action.accept(modelDirectory);
		}
	}

	/**
	 * Delete the directories of a model that are empty.
	 * @param modelDirectory the model's directory
	 */
	void deleteEmpty(Path modelDirectory) {
		forEachFolder(modelDirectory, FileWalk::deleteIfEmpty);
	}

	private static void deleteIfEmpty(Path directory) {
		if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
			// A link could be deleted whatever it leads to
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
		find(directory, filter, (path) -> {
			action.accept(path);
			return null;
		});
	}

	private static <T> @Nullable T find(Path directory, DirectoryStream.Filter<Path> filter,
			Function<Path, @Nullable T> search) {
		try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, filter)) {
			for (Path path : paths) {
				T found = search.apply(path);
				if (found != null) {
					return found;
				}
			}
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
		return null;
	}

}
