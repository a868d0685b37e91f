package io.github.llmcache.cli.transfer;

import java.io.IOException;

/**
 * Where entries come from. Reads in bounded memory.
 */
public interface EntrySource extends AutoCloseable {

	/**
	 * Read all entries there are. What cannot be read, or is nothing that a cache could
	 * answer with, is skipped: it does not lose the rest.
	 * @param sink is given each entry, and what was skipped
	 * @throws IOException if nothing more can be read
	 */
	void readAll(EntrySink sink) throws IOException;

	@Override
	void close() throws IOException;

}
