package io.github.llmcache.faults.entries;

/**
 * Where a backend keeps an entry.
 */
interface StoredValue {

	/**
	 * Return the hash of the entry's key.
	 */
	byte[] key() throws Exception;

	/**
	 * Return what is stored.
	 */
	byte[] read() throws Exception;

	/**
	 * Replace what is stored.
	 */
	void write(byte[] bytes) throws Exception;

}
