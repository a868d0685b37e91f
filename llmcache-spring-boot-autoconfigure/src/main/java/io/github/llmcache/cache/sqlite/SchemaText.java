package io.github.llmcache.cache.sqlite;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;

import org.sqlite.SQLiteConfig;

/**
 * The statements that have created what the newest version consists of, as every file
 * holds them. To SQLite, one in which a bit has flipped may be a valid one, whose trigger
 * deletes something else.
 */
final class SchemaText {

	/** To be changed with each migration. */
	static final String EXPECTED = "ec1acb8f22963fb71863d9049e73b92fda8be3b90f712e4122d78c060a80dc9a";

	private static final String SELECT = """
			SELECT type, name, tbl_name, sql FROM sqlite_schema
			WHERE name IN ('metadata', 'entry', 'entry_fingerprint', 'entry_namespace', 'entry_deleted', 'entry_details',
			    'entry_use', 'dictionary', 'statistics') AND octet_length(sql) <= 10000
			ORDER BY name""";

	private SchemaText() {
	}

	/**
	 * Return whether all that llmcache needs is there as it was created. Others may have
	 * created more.
	 * @param connection a connection to a file of the newest version
	 * @return whether it is
	 * @throws SQLException if SQLite fails
	 */
	static boolean isExpected(Connection connection) throws SQLException {
		String actual = digest(connection);
		return EXPECTED.equals(actual) || actual.equals(created());
	}

	/**
	 * Return what the migrations create here: another version of Flyway may hand them to
	 * SQLite in other words.
	 */
	private static String created() throws SQLException {
		try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite::memory:")) {
			SchemaMigration.run(connection);
			return digest(connection);
		}
	}

	/**
	 * Return the SHA-256 of the statements, in hexadecimal.
	 */
	static String digest(Connection connection) throws SQLException {
		MessageDigest digest = sha256();
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(SELECT)) {
			while (row.next()) {
				for (int column = 1; column <= 4; column++) {
					// Whoever runs the migration may write it in other lines
					String text = String.valueOf(row.getString(column)).replaceAll("\\s+", " ");
					digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
				}
			}
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
