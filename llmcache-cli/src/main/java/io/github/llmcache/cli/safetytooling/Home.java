package io.github.llmcache.cli.safetytooling;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;

/**
 * A place where the library keeps values. Reads in bounded memory, and changes nothing.
 */
interface Home extends Closeable {

	/** The most bytes that are read of a value: several times what an entry may have. */
	int MAX_VALUE_SIZE = 64 * 1024 * 1024;

	/** Why a value is skipped that has more. */
	String TOO_LARGE = "it has more than " + MAX_VALUE_SIZE / 1024 / 1024 + " MB";

	/**
	 * Read all values.
	 * @param visitor is given each
	 * @throws IOException if nothing more can be read
	 */
	void readAll(Visitor visitor) throws IOException;

	@Override
	default void close() throws IOException {
		// Most have nothing to close
	}

	/**
	 * Is given the values of a home.
	 */
	interface Visitor {

		/**
		 * Take a value.
		 * @param value the value
		 */
		void value(Value value);

		/**
		 * Learn that something was skipped.
		 * @param where what it was
		 * @param reason why, without what it says
		 */
		void skipped(String where, String reason);

		/**
		 * Learn how far the home has been read.
		 * @param done how much of it
		 * @param total how much there is, or 0 if that is not known
		 */
		void progress(long done, long total);

	}

	/**
	 * A value of the library.
	 *
	 * @param where where it is
	 * @param hash the library's hash of what was asked, which it is kept under
	 * @param json the value
	 * @param createdAt when it was stored, as far as that is known
	 */
	record Value(String where, String hash, String json, Instant createdAt) {

		/**
		 * Describe the value without what it says.
		 */
		@Override
		public String toString() {
			return "Value[where=" + this.where + "]";
		}

	}

}
