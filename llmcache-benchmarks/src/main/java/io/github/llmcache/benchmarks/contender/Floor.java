package io.github.llmcache.benchmarks.contender;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * SQLite by hand: one table, and for each thread a connection with its statement.
 */
final class Floor extends Peer {

	private final Path file;

	private final List<Connection> connections = new ArrayList<>();

	Floor(Path directory) throws SQLException {
		super("floor");
		this.file = directory.resolve("floor.sqlite");
		try (Connection connection = RawSqlite.open(this.file); Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, key BLOB UNIQUE, payload BLOB)");
		}
	}

	@Override
	void write(List<Row> rows) throws SQLException {
		try (Connection connection = RawSqlite.open(this.file);
				PreparedStatement insert = connection
					.prepareStatement("INSERT INTO entry (key, payload) VALUES (?, ?)")) {
			connection.setAutoCommit(false);
			for (Row row : rows) {
				insert.setBytes(1, row.key());
				insert.setBytes(2, row.payload());
				insert.executeUpdate();
			}
			connection.commit();
		}
	}

	@Override
	@SuppressWarnings("resource") // Closed with the connection
	Reader reader() throws SQLException {
		Connection connection = RawSqlite.open(this.file);
		this.connections.add(connection);
		PreparedStatement select = connection.prepareStatement("SELECT payload FROM entry WHERE key = ?");
		return (key) -> {
			select.setBytes(1, key);
			try (ResultSet row = select.executeQuery()) {
				return row.next() ? row.getBytes(1) : null;
			}
		};
	}

	@Override
	public void close() {
		this.connections.forEach(JdbcUtils::closeConnection);
	}

}
