package io.github.llmcache.cache;

import org.jspecify.annotations.Nullable;

/**
 * An entry was written in another format or is damaged. It counts as stale: a miss, and
 * never an error of the caller.
 */
public class UnreadableEntryException extends Exception {

	private static final long serialVersionUID = 1L;

	public UnreadableEntryException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
