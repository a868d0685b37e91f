package io.github.llmcache.coexistence;

import java.util.List;

import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has entities in H2.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EntityScan(basePackageClasses = OwnJpaApplication.class)
class OwnJpaApplication {

	public static void main(String[] args) {
		Scenario.run(OwnJpaApplication.class, args[0], (fixture) -> {
			assertThat(fixture.count(EntityManagerFactory.class)).isOne();
			List<String> tables = fixture.bean(JdbcTemplate.class)
				.queryForList("SELECT LOWER(table_name) FROM information_schema.tables WHERE table_schema = 'PUBLIC'",
						String.class);
			assertThat(tables).containsExactly("author");
		}, "spring.datasource.url=jdbc:h2:mem:jpa", "spring.jpa.hibernate.ddl-auto=create",
				"spring.flyway.enabled=false");
	}

	/**
	 * An entity of the application.
	 */
	@Entity(name = "author")
	static class Author {

		@Id
		private long id;

		long getId() {
			return this.id;
		}

	}

}
