package io.github.llmcache.faults;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder that others may be writing to.
 */
public final class FileTree {

	private FileTree() {
	}

	/**
	 * Return a folder and all that is in it. What is deleted meanwhile is not, where
	 * {@link Files#walk} would fail.
	 * @param folder the folder
	 * @return the files and folders
	 * @throws IOException if they cannot be read
	 */
	public static List<Path> list(Path folder) throws IOException {
		List<Path> all = new ArrayList<>();
		Files.walkFileTree(folder, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
				all.add(directory);
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				all.add(file);
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
				if (failure instanceof NoSuchFileException && !file.equals(folder)) {
					return FileVisitResult.CONTINUE;
				}
				throw failure;
			}

		});
		return all;
	}

}
