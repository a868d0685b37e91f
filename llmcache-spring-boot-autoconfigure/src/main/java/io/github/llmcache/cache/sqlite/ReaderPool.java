package io.github.llmcache.cache.sqlite;

import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * The readers of one file. They belong to no thread, for there may be thousands of
 * virtual ones; the one that was used last is used next.
 */
final class ReaderPool implements AutoCloseable {

	private final ConcurrentLinkedDeque<EntryReader> idle = new ConcurrentLinkedDeque<>();

	private final Semaphore permits;

	private final ReaderFactory factory;

	ReaderPool(int size, ReaderFactory factory) {
		this.permits = new Semaphore(size);
		this.factory = factory;
	}

	<T> T read(Query<T> query) throws SQLException {
		this.permits.acquireUninterruptibly();
		try {
			EntryReader reader = this.idle.pollFirst();
			if (reader == null) {
				reader = this.factory.create();
			}
			return read(reader, query);
		}
		finally {
			this.permits.release();
		}
	}

	private <T> T read(EntryReader reader, Query<T> query) throws SQLException {
		boolean succeeded = false;
		try {
			T result = query.run(reader);
			succeeded = true;
			return result;
		}
		finally {
			if (succeeded) {
				this.idle.addFirst(reader);
			}
			else {
				// It may be in the middle of a transaction
				reader.close();
			}
		}
	}

	/**
	 * Close the readers, none of which may be in use.
	 */
	@Override
	public void close() {
		EntryReader reader = this.idle.pollFirst();
		while (reader != null) {
			reader.close();
			reader = this.idle.pollFirst();
		}
	}

	@FunctionalInterface
	interface ReaderFactory {

		EntryReader create() throws SQLException;

	}

	@FunctionalInterface
	interface Query<T> {

		T run(EntryReader reader) throws SQLException;

	}

}
