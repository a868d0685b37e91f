package io.github.llmcache.faults.entries;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A database file that others write to.
 */
final class AttackedDatabase implements AttackedStore {

	private static final int HUGE = 150_000_000;

	private final Path directory;

	AttackedDatabase(String directory) {
		this.directory = Path.of(directory);
	}

	@Override
	public Map<String, Object> properties() {
		return Map.of("llmcache.directory", this.directory.toString());
	}

	@Override
	public StoredValue added(Runnable action) throws Exception {
		action.run();
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT max(id) FROM entry")) {
			row.next();
			return new Row(row.getLong(1));
		}
	}

	private Connection connect() throws Exception {
		try (Stream<Path> files = Files.list(this.directory)) {
			Path file = files.filter((path) -> path.toString().endsWith(".sqlite")).findFirst().orElseThrow();
			Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
			try (Statement statement = connection.createStatement()) {
				statement.execute("PRAGMA busy_timeout = 60000");
			}
			return connection;
		}
	}

	private void execute(String... sql) throws Exception {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String each : sql) {
				statement.executeUpdate(each);
			}
		}
	}

	@Override
	public List<Attack> attacks() {
		List<Attack> attacks = new ArrayList<>();
		attacks.add(new Attack("swapped", (value, other) -> {
			byte[] own = value.read();
			value.write(other.read());
			other.write(own);
		}));
		for (Payloads.Named named : Payloads.all()) {
			attacks.add(new Attack(named.name(), (value, other) -> {
				execute("INSERT OR REPLACE INTO dictionary VALUES (5, randomblob(1000)), (77, zeroblob(100000))");
				value.write(named.payload().toBytes(value.key()));
			}));
		}
		attacks.add(new Attack("huge-dictionary", (value, other) -> {
			execute("INSERT OR REPLACE INTO dictionary VALUES (6, zeroblob(" + HUGE + "))");
			value.write(new byte[] { 3, 6 });
		}));
		attacks.add(new Attack("long-reason",
				(value, other) -> value.write(Payloads.withLongReason(8_000_000).toBytes(value.key()))));
		attacks.add(new Attack("empty", (value, other) -> value.write(new byte[0])));
		attacks.add(column("huge", "entry", "payload = zeroblob(" + HUGE + ")", "id"));
		attacks.add(column("huge-request", "entry", "request = zeroblob(" + HUGE + "), payload = x'03'", "id"));
		attacks.add(column("huge-cost", "entry", "cost_nanos = 9223372036854775807, payload = x'03'", "id"));
		attacks.add(details("huge-reason", "finish_reason = CAST(zeroblob(" + HUGE + ") AS TEXT)"));
		attacks.add(details("huge-namespace", "namespace = CAST(zeroblob(" + HUGE + ") AS TEXT)"));
		attacks.add(details("huge-hashes", "hashes = zeroblob(" + HUGE + ")"));
		attacks.add(details("escaped", "namespace = '\\u00', finish_reason = '\\'"));
		attacks.add(details("numbers", "samples = -9223372036854775808, cost_nanos = 9223372036854775807,"
				+ " bytes = 9223372036854775807, newest_at = 9223372036854775807, created_at = -9223372036854775808,"
				+ " expires_at = 9223372036854775807"));
		return attacks;
	}

	private Attack column(String name, String table, String assignment, String id) {
		return new Attack(name, (value, other) -> execute(
				"UPDATE " + table + " SET " + assignment + " WHERE " + id + " = " + ((Row) value).id));
	}

	/**
	 * Change what is said of an entry, and damage the entry itself, so that it is
	 * replaced.
	 */
	private Attack details(String name, String assignment) {
		return new Attack(name, (value, other) -> {
			execute("UPDATE entry_details SET " + assignment + " WHERE entry = " + ((Row) value).id);
			value.write(new byte[] { 3 });
		});
	}

	@Override
	public void repair() throws Exception {
		execute("DELETE FROM dictionary");
	}

	@Override
	public void damageStatistics(String model) throws Exception {
		execute("INSERT OR REPLACE INTO statistics VALUES ('', '2026-01-02', -1, -1, -1, -1, -1, -1,"
				+ " -9223372036854775808, -5, -9, -1, -1, -1, -1, -1), ('', '2026-01-03', 9223372036854775807, 1, 1, 1,"
				+ " 1, 1, 9223372036854775807, 9223372036854775807, 1, 1, 1, 1, 1, 1), ('', 'no day', 1, 1, 1, 1, 1, 1,"
				+ " 1, 1, 1, 1, 1, 1, 1, 1), ('', '+999999999-12-31', 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)");
	}

	@Override
	public void close() {
	}

	/**
	 * A row.
	 */
	private final class Row implements StoredValue {

		private final long id;

		private Row(long id) {
			this.id = id;
		}

		@Override
		public byte[] key() throws Exception {
			return select("key");
		}

		@Override
		public byte[] read() throws Exception {
			return select("payload");
		}

		private byte[] select(String column) throws Exception {
			try (Connection connection = connect();
					PreparedStatement statement = connection
						.prepareStatement("SELECT " + column + " FROM entry WHERE id = " + this.id);
					ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBytes(1);
			}
		}

		@Override
		public void write(byte[] bytes) throws Exception {
			try (Connection connection = connect();
					PreparedStatement statement = connection
						.prepareStatement("UPDATE entry SET payload = ? WHERE id = " + this.id)) {
				statement.setBytes(1, bytes);
				statement.executeUpdate();
			}
		}

	}

}
