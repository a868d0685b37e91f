package io.github.llmcache.coexistence;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has nothing but the starter: no data source, no Actuator, no web server.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class StarterOnlyApplication {

	public static void main(String[] args) {
		Scenario.run(StarterOnlyApplication.class, args[0], (fixture) -> {
			assertThat(ClassUtils.isPresent("org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
					null))
				.isFalse();
			assertThat(fixture.count(javax.sql.DataSource.class)).isZero();
		});
	}

}
