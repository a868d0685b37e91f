package io.github.llmcache.cli.transfer;

import io.github.llmcache.cache.CacheEntry;

/**
 * Takes the entries of an {@link EntrySource}. Used by one thread.
 */
public interface EntrySink {

	/**
	 * Take an entry.
	 * @param entry the entry, with its request if that is known
	 */
	void entry(CacheEntry entry);

	/**
	 * Learn that something was skipped.
	 * @param where what it was, such as {@code line 12}
	 * @param reason why, in a few words that are alike for all that is skipped for the
	 * same reason, and quote nothing of what was asked or answered
	 */
	void skipped(String where, String reason);

	/**
	 * Learn how far the source has been read, whenever that has grown by much.
	 * @param done how much of it, in the source's own unit, such as bytes
	 * @param total how much there is, or 0 if that is not known
	 */
	default void progress(long done, long total) {
	}

}
