package io.github.llmcache.faults.entries;

/**
 * What is done to an entry.
 *
 * @param name names it, in a word
 * @param change does it
 */
record Attack(String name, Change change) {

	/**
	 * Changes what is stored.
	 */
	@FunctionalInterface
	interface Change {

		/**
		 * Change an entry.
		 * @param value where it is
		 * @param other where another entry is
		 */
		void change(StoredValue value, StoredValue other) throws Exception;

	}

}
