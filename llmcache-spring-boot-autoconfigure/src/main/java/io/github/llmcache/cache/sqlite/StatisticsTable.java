package io.github.llmcache.cache.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.DailyStatistics;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The table of what has been counted of a file's model, by namespace and day.
 */
final class StatisticsTable {

	private static final Log logger = LogFactory.getLog(StatisticsTable.class);

	private static final List<String> COLUMNS = List.of("hits", "misses", "stale", "writes", "errors", "coalesced",
			"spent_nanos", "saved_nanos", "saved_tokens", "unpriced_calls", "input_tokens", "output_tokens",
			"evictions", "expirations");

	static final String SELECT = "SELECT namespace, day, " + String.join(", ", COLUMNS) + " FROM statistics";

	/** Of a file that has yet to be migrated. */
	private static final String SELECT_BEFORE = "SELECT '', day, " + String.join(", ", COLUMNS) + " FROM statistics";

	private static final String ADD = "INSERT INTO statistics (namespace, day, " + String.join(", ", COLUMNS)
			+ ") VALUES (?, ?" + ", ?".repeat(COLUMNS.size()) + ") ON CONFLICT (namespace, day) DO UPDATE SET "
			+ COLUMNS.stream().map(StatisticsTable::sum).collect(Collectors.joining(", "));

	private StatisticsTable() {
	}

	/**
	 * Return an assignment that adds up, to the largest number that there is: what is
	 * larger would be no integer, and refused.
	 */
	private static String sum(String column) {
		return "%1$s = CASE WHEN %1$s > %2$d - excluded.%1$s THEN %2$d ELSE %1$s + excluded.%1$s END".formatted(column,
				Long.MAX_VALUE);
	}

	static void add(List<DailyStatistics> counted, Connection connection) throws SQLException {
		try (PreparedStatement add = connection.prepareStatement(ADD)) {
			for (DailyStatistics each : counted) {
				ModelStatistics counters = each.counters();
				add.setString(1, StoredText.encode(each.namespace()));
				add.setString(2, each.day().toString());
				add.setLong(3, counters.hits());
				add.setLong(4, counters.misses());
				add.setLong(5, counters.stale());
				add.setLong(6, counters.writes());
				add.setLong(7, counters.errors());
				add.setLong(8, counters.coalesced());
				add.setLong(9, counters.spentNanos());
				add.setLong(10, counters.savedNanos());
				add.setLong(11, counters.savedTokens());
				add.setLong(12, counters.unpricedCalls());
				add.setLong(13, counters.inputTokens());
				add.setLong(14, counters.outputTokens());
				add.setLong(15, counters.evictions());
				add.setLong(16, counters.expirations());
				add.executeUpdate();
			}
		}
	}

	static List<DailyStatistics> read(String model, Connection connection) throws SQLException {
		List<DailyStatistics> counted = new ArrayList<>();
		read(model, connection, Schema.isBehind(connection), counted::add);
		return counted;
	}

	/**
	 * Read what can be read of a damaged file.
	 * @param model the model
	 * @param connection a connection to the file
	 * @return what was counted, as far as it can be true
	 */
	static List<DailyStatistics> readable(String model, Connection connection) {
		List<DailyStatistics> counted = new ArrayList<>();
		try {
			read(model, connection, !hasNamespaces(connection), counted::add);
		}
		catch (SQLException ex) {
			logger.debug("Not all that was counted of a damaged file can be read", ex);
		}
		counted.removeIf((each) -> {
			ModelStatistics counters = each.counters();
			return Math.min(counters.hits(), counters.misses()) < 0 || Math.min(counters.stale(), counters.writes()) < 0
					|| Math.min(counters.spentNanos(), counters.savedNanos()) < 0;
		});
		return counted;
	}

	/**
	 * Return whether the table has namespaces, whatever the history says that is damaged
	 * as well.
	 */
	private static boolean hasNamespaces(Connection connection) {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(SELECT + " LIMIT 0")) {
			return !row.next();
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static void read(String model, Connection connection, boolean behind, Consumer<DailyStatistics> action)
			throws SQLException {
		String select = behind ? SELECT_BEFORE : SELECT;
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(select)) {
			while (row.next()) {
				ModelStatistics counters = new ModelStatistics(row.getLong(3), row.getLong(4), row.getLong(5),
						row.getLong(6), row.getLong(7), row.getLong(8), row.getLong(9), row.getLong(10),
						row.getLong(11), row.getLong(12), row.getLong(13), row.getLong(14), row.getLong(15),
						row.getLong(16));
				try {
					action.accept(new DailyStatistics(StoredText.decode(row.getString(1)), model,
							LocalDate.parse(row.getString(2)), counters));
				}
				catch (DateTimeException | IllegalArgumentException ex) {
					// Not written by us
				}
			}
		}
	}

}
