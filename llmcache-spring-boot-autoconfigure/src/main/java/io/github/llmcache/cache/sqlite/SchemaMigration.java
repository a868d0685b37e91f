package io.github.llmcache.cache.sqlite;

import java.sql.Connection;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.configuration.ClassicConfiguration;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Runs Flyway, apart from the application's own: with our migrations, our history table
 * and nothing that is found on the class path.
 */
final class SchemaMigration {

	static final String LOCATION = "io/github/llmcache/cache/sqlite/migration";

	private SchemaMigration() {
	}

	/**
	 * Migrate a file to the newest version.
	 * @param connection a connection whose transactions take the lock for writing as they
	 * begin: Flyway itself locks nothing in SQLite
	 */
	static void run(Connection connection) {
		// Not closed, for that would close the connection
		SingleConnectionDataSource dataSource = new SingleConnectionDataSource(connection, true);
		Flyway flyway = Flyway.configure(SchemaMigration.class.getClassLoader())
			.dataSource(dataSource)
			.locations("classpath:" + LOCATION)
			.failOnMissingLocations(true)
			.table(Schema.HISTORY_TABLE)
			.placeholderReplacement(false)
			.skipDefaultCallbacks(true)
			.load();
		// Callbacks in db/callback are always found, and meant for the application's
		// database
		((ClassicConfiguration) flyway.getConfiguration()).setCallbacks(new Callback[0]);
		flyway.migrate();
	}

}
