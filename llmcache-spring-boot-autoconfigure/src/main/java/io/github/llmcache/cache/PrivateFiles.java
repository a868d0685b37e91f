package io.github.llmcache.cache;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Creates what only its owner may read, on file systems that know of owners.
 */
public final class PrivateFiles {

	private static final FileAttribute<Set<PosixFilePermission>> FILE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

	private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private PrivateFiles() {
	}

	/**
	 * Create an empty file.
	 * @param file the file
	 * @throws FileAlreadyExistsException if it exists
	 * @throws IOException if it cannot be created, or is a link to a file that does not
	 * exist: whoever opens that creates a file elsewhere, which others may read
	 */
	public static void createFile(Path file) throws IOException {
		try {
			if (knowsOwners(file)) {
				Files.createFile(file, FILE);
			}
			else {
				Files.createFile(file);
			}
		}
		catch (FileAlreadyExistsException ex) {
			if (Files.isSymbolicLink(file) && Files.notExists(file)) {
				throw new FileSystemException(file.toString(), null, "Is a link to a file that does not exist");
			}
			throw ex;
		}
	}

	/**
	 * Create a directory, and those that it is in. What exists is left as it is.
	 * @param directory the directory, or a link to one
	 * @throws IOException if it cannot be created
	 */
	public static void createDirectories(Path directory) throws IOException {
		if (Files.isDirectory(directory)) {
			return;
		}
		if (knowsOwners(directory)) {
			Files.createDirectories(directory, DIRECTORY);
		}
		else {
			Files.createDirectories(directory);
		}
	}

	/**
	 * Return whether somebody else than its owner may read or write something.
	 * @param path a file or directory
	 * @return whether that is known to be so
	 */
	public static boolean isOpenToOthers(Path path) {
		try {
			return knowsOwners(path) && Files.getPosixFilePermissions(path)
				.stream()
				.anyMatch((permission) -> !permission.name().startsWith("OWNER_"));
		}
		catch (IOException ex) {
			// Deleted meanwhile, or whoever reads it finds out
			return false;
		}
	}

	private static boolean knowsOwners(Path path) {
		return path.getFileSystem().supportedFileAttributeViews().contains("posix");
	}

}
