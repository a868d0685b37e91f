package io.github.llmcache.cache.file;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells of files that cannot be read: of each once, and of no more than anybody would
 * look at. Thread-safe.
 */
final class DamageLog {

	private static final int MAX_FILES = 1000;

	private static final Log logger = LogFactory.getLog(FileCacheStore.class);

	private final Set<Path> known = ConcurrentHashMap.newKeySet();

	/**
	 * Tell of a file.
	 * @param file the file
	 * @param reason why it cannot be read, with nothing of its content
	 */
	void report(Path file, String reason) {
		if (this.known.size() < MAX_FILES && this.known.add(file)) {
			logger.warn("The cache file " + file + " " + reason
					+ ". It counts as stale: correct it, or leave it to be replaced"
					+ ((this.known.size() == MAX_FILES) ? ". No more such files are reported" : ""));
		}
	}

}
