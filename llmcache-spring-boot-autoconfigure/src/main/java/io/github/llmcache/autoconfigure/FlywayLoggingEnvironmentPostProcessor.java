package io.github.llmcache.autoconfigure;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * {@link EnvironmentPostProcessor} that keeps Flyway quiet in an application that has it
 * only because of us: it would log several lines for each database file that is created.
 * A level that the application sets goes first.
 */
class FlywayLoggingEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	static final String PROPERTY = "logging.level.org.flywaydb";

	private static final String OWN_FLYWAY = "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (!ClassUtils.isPresent(OWN_FLYWAY, application.getClassLoader())) {
			environment.getPropertySources().addLast(new MapPropertySource("llmcache", Map.of(PROPERTY, "warn")));
		}
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
