package io.github.llmcache.cache;

/**
 * In which order entries are listed.
 */
public enum EntryOrder {

	/** The newest first, by when their oldest response was made. */
	NEWEST,

	/** The oldest first. */
	OLDEST,

	/** Those first that take the most space. */
	LARGEST,

	/** Those first that had cost the most. */
	COSTLIEST,

	/** Those first that have not been used for the longest time. */
	LEAST_RECENTLY_USED

}
