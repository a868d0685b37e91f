package io.github.llmcache.cache.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.github.llmcache.cache.Daemons;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a file, one after the other. Who finds nobody writing writes at once, in its
 * own thread. What comes meanwhile waits, and is committed together by a thread for that,
 * which is much cheaper than one commit each. The thread is started when it is needed and
 * ends when there was nothing to write for a while.
 */
final class GroupWriter implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(GroupWriter.class);

	/** As much as makes the log of a file as large as it usually becomes. */
	private static final long LOG_BYTES = 16 * 1024 * 1024;

	private final WriteQueue queue;

	private final WriterFactory factory;

	private final Runnable committed;

	private @Nullable EntryWriter writer;

	/** Since the log was last looked at. */
	private long written;

	/**
	 * Create a writer.
	 * @param threadName the name of its thread
	 * @param keepAlive how long the thread waits for something to do before it ends
	 * @param factory opens the file
	 * @param committed is run after each commit, before anybody is told of it; throws a
	 * {@link MovedFileException} if the file is not at its path any more
	 */
	GroupWriter(String threadName, Duration keepAlive, WriterFactory factory, Runnable committed) {
		this.factory = factory;
		this.committed = committed;
		this.queue = new WriteQueue(keepAlive, () -> Daemons.create(threadName, this::run));
	}

	/**
	 * Write, and wait until it is committed, even if the thread is interrupted: what is
	 * to be written has been paid for.
	 * @param <T> the type of the result
	 * @param size about how many bytes are written
	 * @param work what to do. Done again if the group that it was part of fails
	 * @return what the work has returned
	 * @throws ExecutionException if writing fails
	 */
	<T> T write(long size, Work<T> work) throws ExecutionException {
		Write<T> write = new Write<>(size, work);
		if (this.queue.addOrLead(write)) {
			try {
				commit(List.of(write));
			}
			finally {
				this.queue.endLead();
			}
		}
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return write.result.get();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Return how many writes wait for their group.
	 * @return their number
	 */
	int waiting() {
		return this.queue.size();
	}

	private void run() {
		List<Write<?>> group = this.queue.take(this::truncateLog);
		while (!group.isEmpty()) {
			commit(group);
			group = this.queue.take(this::truncateLog);
		}
	}

	/**
	 * Give back the space of the write-ahead log, which may be larger than the database.
	 */
	private void truncateLog() {
		tidyLog(EntryWriter::truncateLog);
	}

	private void tidyLog(Tidying tidying) {
		EntryWriter writer = this.writer;
		if (writer == null) {
			return;
		}
		try {
			tidying.tidy(writer);
		}
		catch (SQLException ex) {
			// The next write starts afresh, and finds out what is wrong
			logger.debug("The write-ahead log could not be tidied up", ex);
			discardWriter();
		}
	}

	private void commit(List<Write<?>> group) {
		EntryWriter writer;
		try {
			writer = begin();
		}
		catch (Throwable ex) {
			// For all of them: each would only wait for the same lock once more
			discardWriter();
			group.forEach((write) -> write.result.completeExceptionally(ex));
			return;
		}
		try {
			for (Write<?> write : group) {
				write.run(writer);
			}
			writer.commit();
			this.committed.run();
		}
		catch (Throwable ex) {
			discardWriter();
			if (group.size() == 1 || ex instanceof MovedFileException) {
				group.forEach((write) -> write.result.completeExceptionally(ex));
			}
			else {
				group.forEach((write) -> commit(List.of(write)));
			}
			return;
		}
		group.forEach(Write::succeed);
		this.written += group.stream().mapToLong(Write::size).sum();
		if (this.written > LOG_BYTES) {
			this.written = 0;
			tidyLog(EntryWriter::boundLog);
		}
	}

	private EntryWriter begin() throws SQLException {
		EntryWriter writer = this.writer;
		if (writer == null) {
			writer = this.factory.create();
			this.writer = writer;
		}
		writer.begin();
		return writer;
	}

	/**
	 * Close the connection, which rolls back. Nobody knows what state it is in.
	 */
	private void discardWriter() {
		EntryWriter writer = this.writer;
		this.writer = null;
		if (writer != null) {
			writer.close();
		}
	}

	/**
	 * Finish what is waiting, and close the connection.
	 * @throws SQLException if the file cannot be tidied up; it is closed all the same
	 */
	@Override
	public void close() throws SQLException {
		this.queue.close();
		EntryWriter writer = this.writer;
		this.writer = null;
		if (writer != null) {
			try (writer) {
				writer.checkpoint();
			}
		}
	}

	@FunctionalInterface
	interface WriterFactory {

		EntryWriter create() throws SQLException;

	}

	@FunctionalInterface
	private interface Tidying {

		void tidy(EntryWriter writer) throws SQLException;

	}

	@FunctionalInterface
	interface Work<T> {

		T run(EntryWriter writer) throws SQLException;

	}

	/**
	 * A piece of work that waits for being committed.
	 */
	static final class Write<T> {

		private final long size;

		private final Work<T> work;

		private final CompletableFuture<T> result = new CompletableFuture<>();

		private @Nullable T value;

		Write(long size, Work<T> work) {
			this.size = size;
			this.work = work;
		}

		long size() {
			return this.size;
		}

		private void run(EntryWriter writer) throws SQLException {
			this.value = this.work.run(writer);
		}

		@SuppressWarnings("NullAway") // Set by run
		private void succeed() {
			this.result.complete(this.value);
		}

	}

}
