package io.github.llmcache.cache.sqlite;

import java.sql.Connection;
import java.sql.Statement;

import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SchemaText}.
 */
class SchemaTextTests {

	@Test
	void isThatOfTheMigrations() throws Exception {
		try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite::memory:")) {
			SchemaMigration.run(connection);
			assertThat(SchemaText.digest(connection)).isEqualTo(SchemaText.EXPECTED);
			assertThat(SchemaText.isExpected(connection)).isTrue();
		}
	}

	@Test
	void isAnotherOneWhereATableHasAnotherColumn() throws Exception {
		try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite::memory:");
				Statement statement = connection.createStatement()) {
			SchemaMigration.run(connection);
			statement.execute("ALTER TABLE entry_use RENAME COLUMN last_used TO other");
			assertThat(SchemaText.isExpected(connection)).isFalse();
		}
	}

}
