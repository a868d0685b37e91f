package io.github.llmcache.cache.sqlite;

import java.nio.file.Path;

import io.github.llmcache.cache.CacheStoreException;

/**
 * Says that what was committed went into a file that is not at its path any more, because
 * somebody has replaced, deleted or moved it: it has to be written again.
 */
final class MovedFileException extends CacheStoreException {

	private static final long serialVersionUID = 1L;

	MovedFileException(Path file) {
		super("The cache file " + file + " was replaced while it was written, again and again. Find out who does that",
				null);
	}

}
