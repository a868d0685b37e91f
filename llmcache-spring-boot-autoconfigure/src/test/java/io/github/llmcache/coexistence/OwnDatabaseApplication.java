package io.github.llmcache.coexistence;

import java.util.List;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has a database in H2, with Flyway migrations of its own.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class OwnDatabaseApplication {

	public static void main(String[] args) {
		Scenario.run(OwnDatabaseApplication.class, args[0], (fixture) -> {
			assertThat(fixture.count(DataSource.class)).isOne();
			assertThat(fixture.count(Flyway.class)).isOne();
			assertThat(fixture.count(PlatformTransactionManager.class)).isOne();
			JdbcTemplate jdbc = fixture.bean(JdbcTemplate.class);
			new TransactionTemplate(fixture.bean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> jdbc.update("INSERT INTO book VALUES (1, 'Dune')"));
			List<String> tables = jdbc.queryForList(
					"SELECT LOWER(table_name) FROM information_schema.tables WHERE table_schema = 'PUBLIC'",
					String.class);
			assertThat(tables).containsExactlyInAnyOrder("book", "flyway_schema_history");
			assertThat(fixture.bean(Flyway.class).info().applied()).singleElement()
				.extracting((migration) -> migration.getDescription())
				.isEqualTo("create book");
		}, "spring.datasource.url=jdbc:h2:mem:own");
	}

}
