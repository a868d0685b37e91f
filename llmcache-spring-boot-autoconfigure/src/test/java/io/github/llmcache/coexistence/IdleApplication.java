package io.github.llmcache.coexistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.github.llmcache.InferenceApi;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has the starter, and asks nothing.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class IdleApplication {

	public static void main(String[] args) throws IOException {
		Path directory = Path.of(args[0]);
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(IdleApplication.class)
			.web(WebApplicationType.NONE)
			.properties("llmcache.directory=" + directory.resolve("cache"))
			.run()) {
			assertThat(context.getBean(InferenceApi.class)).isNotNull();
		}
		try (Stream<Path> files = Files.list(directory)) {
			assertThat(files).isEmpty();
		}
		System.out.println(Scenario.PASSED);
	}

}
