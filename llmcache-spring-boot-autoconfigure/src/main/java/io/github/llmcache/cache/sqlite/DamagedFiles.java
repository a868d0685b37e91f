package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The names of damaged files that have been moved aside, and how they are moved. Used by
 * whoever holds the {@link DirectoryLock}.
 */
final class DamagedFiles {

	private static final String INFIX = ".corrupt-";

	private static final String LOG = "-wal";

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final Pattern SUFFIX = Pattern.compile("\\d{8}T\\d{6}Z(-\\d+)?");

	private DamagedFiles() {
	}

	/**
	 * Move a database aside: first the file itself, so that nobody can open it any more,
	 * then the index of its log and the log. Whoever has them open goes on with them, and
	 * shares the index with whoever opens the moved file.
	 * @param file the file
	 * @param now the time, which becomes part of the name
	 * @return where it is now
	 * @throws IOException if it cannot be moved; then it is where it was
	 */
	static Path move(Path file, Instant now) throws IOException {
		String base = file.getFileName() + INFIX + TIME.format(now.truncatedTo(ChronoUnit.SECONDS));
		Path moved = file.resolveSibling(base);
		for (int i = 2; exists(moved) || exists(companion(moved, LOG)); i++) {
			moved = file.resolveSibling(base + "-" + i);
		}
		// Within a directory, and to a name that nobody has: atomic everywhere
		Files.move(file, moved);
		moveCompanions(file, moved);
		return moved;
	}

	/**
	 * Finish a move that was killed in the middle: otherwise the log would be deleted as
	 * soon as the file is created anew, with all that is in no other file yet.
	 * @param file the file, which does not exist
	 * @throws IOException if the log cannot be moved
	 */
	static void finishMove(Path file) throws IOException {
		if (!exists(companion(file, LOG))) {
			return;
		}
		List<Path> moved = list(file);
		if (!moved.isEmpty() && !exists(companion(moved.get(moved.size() - 1), LOG))) {
			moveCompanions(file, moved.get(moved.size() - 1));
		}
	}

	private static void moveCompanions(Path file, Path moved) throws IOException {
		// The log last: it tells that a move was not finished
		for (String suffix : List.of("-shm", LOG)) {
			Path companion = companion(file, suffix);
			if (exists(companion)) {
				Files.move(companion, companion(moved, suffix));
			}
		}
	}

	/**
	 * Return whether all of a file that was moved is in it.
	 * @param moved the file
	 * @return whether it has no log
	 */
	static boolean isQuiet(Path moved) {
		return Files.notExists(companion(moved, LOG), LinkOption.NOFOLLOW_LINKS);
	}

	private static Path companion(Path file, String suffix) {
		return file.resolveSibling(file.getFileName() + suffix);
	}

	private static boolean exists(Path path) {
		return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * Find what has been moved aside of a file.
	 * @param file the file
	 * @return the files, the oldest first
	 * @throws IOException if the directory cannot be read
	 */
	static List<Path> list(Path file) throws IOException {
		return list(Objects.requireNonNull(file.getParent()), file.getFileName() + INFIX);
	}

	/**
	 * Find all that has been moved aside in a directory.
	 * @param directory the directory
	 * @return the files
	 * @throws IOException if the directory cannot be read
	 */
	static List<Path> all(Path directory) throws IOException {
		return list(directory, DatabaseNames.SUFFIX + INFIX);
	}

	private static List<Path> list(Path directory, String prefix) throws IOException {
		List<Path> found = new ArrayList<>();
		try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
			for (Path path : paths) {
				String name = String.valueOf(path.getFileName());
				int start = name.indexOf(prefix);
				// Who opens what is no file may wait for ever
				if (start >= 0 && SUFFIX.matcher(name.substring(start + prefix.length())).matches()
						&& Files.isRegularFile(path)) {
					found.add(path);
				}
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		Collections.sort(found);
		return found;
	}

}
