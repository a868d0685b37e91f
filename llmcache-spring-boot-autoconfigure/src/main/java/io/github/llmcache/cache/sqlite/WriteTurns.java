package io.github.llmcache.cache.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Writes what nobody waits for in turns, each a transaction of its own and so short that
 * whoever saves meanwhile hardly notices. Used by one thread.
 */
final class WriteTurns {

	/** About as long as a few saves take. */
	private static final long MAX_NANOS = Duration.ofMillis(1).toNanos();

	private final SqliteDatabases databases;

	private final String model;

	WriteTurns(SqliteDatabases databases, String model) {
		this.databases = databases;
		this.model = model;
	}

	/**
	 * Do something with each item.
	 * @param items the items
	 * @param step what to do, if the model has a file
	 * @return the sum of what the step has returned
	 */
	<T> long forEach(List<T> items, Step<T> step) {
		long sum = 0;
		int done = 0;
		while (done < items.size()) {
			List<T> rest = items.subList(done, items.size());
			Turn turn = this.databases.use(this.model, new Turn(rest.size(), 0),
					(database) -> database.write(0, (writer) -> run(writer, rest, step)));
			done += turn.items();
			sum += turn.sum();
		}
		return sum;
	}

	private static <T> Turn run(EntryWriter writer, List<T> items, Step<T> step) throws SQLException {
		long start = System.nanoTime();
		long sum = 0;
		int done = 0;
		while (done < items.size() && (done == 0 || System.nanoTime() - start < MAX_NANOS)) {
			sum += step.run(writer, items.get(done));
			done++;
		}
		return new Turn(done, sum);
	}

	@FunctionalInterface
	interface Step<T> {

		long run(EntryWriter writer, T item) throws SQLException;

	}

	/**
	 * What has been done in a turn.
	 *
	 * @param items with how many items
	 * @param sum the sum of what the step has returned
	 */
	private record Turn(int items, long sum) {
	}

}
