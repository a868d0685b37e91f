package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Deletes the temporary files that writers have left behind because they were killed.
 * Thread-safe.
 */
final class Leftovers {

	private static final Log logger = LogFactory.getLog(Leftovers.class);

	private static final Pattern PATTERN = Pattern.compile("\\..*\\.[0-9a-f]{16}\\.tmp");

	/** Nobody writes a file for this long. */
	private static final Duration AGE = Duration.ofHours(1);

	private static final int MAX_FOLDERS = 10_000;

	private final Map<Path, Instant> lookedAt = new ConcurrentHashMap<>();

	private final InstantSource clock;

	Leftovers(InstantSource clock) {
		this.clock = clock;
	}

	/**
	 * Return the name of a temporary file.
	 * @param name the name of the file that it is to become
	 * @param random 16 hexadecimal digits
	 * @return a hidden name
	 */
	static String name(String name, String random) {
		return "." + name + "." + random + ".tmp";
	}

	/**
	 * Delete what is old, unless the folder was looked at lately.
	 * @param folder the folder
	 */
	void deleteOld(Path folder) {
		Instant now = this.clock.instant();
		Instant last = this.lookedAt.get(folder);
		// Not if the clock was set back
		if (last != null && !now.isBefore(last) && now.isBefore(last.plus(AGE))) {
			return;
		}
		if (this.lookedAt.size() >= MAX_FOLDERS) {
			this.lookedAt.clear();
		}
		this.lookedAt.put(folder, now);
		try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Leftovers::isTemporary)) {
			for (Path file : files) {
				if (isOld(file, now)) {
					Files.deleteIfExists(file);
				}
			}
		}
		catch (IOException | DirectoryIteratorException ex) {
			// They are in nobody's way, and what was to be written is
			logger.debug("Old files of " + folder + " could not be deleted", ex);
		}
	}

	/**
	 * Return whether a temporary file is so old that nobody writes it any more.
	 */
	boolean isOld(Path file) {
		try {
			return isOld(file, this.clock.instant());
		}
		catch (IOException ex) {
			// Just renamed
			return false;
		}
	}

	private static boolean isOld(Path file, Instant now) throws IOException {
		return Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(AGE));
	}

	static boolean isTemporary(Path file) {
		return PATTERN.matcher(EntryPaths.name(file)).matches();
	}

}
