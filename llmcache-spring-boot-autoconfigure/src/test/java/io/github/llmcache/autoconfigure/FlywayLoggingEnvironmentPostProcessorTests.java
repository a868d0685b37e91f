package io.github.llmcache.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FlywayLoggingEnvironmentPostProcessor}.
 */
class FlywayLoggingEnvironmentPostProcessorTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void flywayIsQuietWhereItIsOnlyOurs() {
		process(new FilteredClassLoader(FlywayAutoConfiguration.class));
		assertThat(this.environment.getProperty(FlywayLoggingEnvironmentPostProcessor.PROPERTY)).isEqualTo("warn");
	}

	@Test
	void flywayOfTheApplicationLogsAsItDoes() {
		process(getClass().getClassLoader());
		assertThat(this.environment.getProperty(FlywayLoggingEnvironmentPostProcessor.PROPERTY)).isNull();
	}

	@Test
	void levelOfTheApplicationGoesFirst() {
		this.environment.setProperty(FlywayLoggingEnvironmentPostProcessor.PROPERTY, "debug");
		process(new FilteredClassLoader(FlywayAutoConfiguration.class));
		assertThat(this.environment.getProperty(FlywayLoggingEnvironmentPostProcessor.PROPERTY)).isEqualTo("debug");
	}

	@Test
	void isFound() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation(getClass().getClassLoader())
			.load(EnvironmentPostProcessor.class, SpringFactoriesLoader.ArgumentResolver.none(),
					(factoryType, name, failure) -> {
					}))
			.hasAtLeastOneElementOfType(FlywayLoggingEnvironmentPostProcessor.class);
	}

	private void process(ClassLoader classLoader) {
		SpringApplication application = new SpringApplication(new DefaultResourceLoader(classLoader));
		new FlywayLoggingEnvironmentPostProcessor().postProcessEnvironment(this.environment, application);
	}

}
