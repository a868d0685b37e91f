package io.github.llmcache.faults.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * An application that asks {@value #MODEL} of a provider on loopback, and keeps its
 * answers in SQLite.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
		RestClientAutoConfiguration.class, LlmCacheAutoConfiguration.class })
class LoadApplication {

	static final String MODEL = "gpt-soak";

	/**
	 * Start the application.
	 * @param directory where it keeps its answers
	 * @param port where the provider is
	 * @param properties further properties, each {@code name=value}
	 * @return its context
	 */
	static ConfigurableApplicationContext start(Path directory, int port, String... properties) {
		List<String> all = new ArrayList<>(List.of("logging.level.root=warn", "spring.main.banner-mode=off",
				"llmcache.directory=" + directory, "llmcache.providers.openai.api-key=sk-load",
				"llmcache.providers.openai.base-url=http://127.0.0.1:" + port + "/v1",
				"llmcache.providers.openai.models=gpt*", "llmcache.prices.models." + MODEL + ".input=1",
				"llmcache.prices.models." + MODEL + ".output=2"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(LoadApplication.class).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run();
	}

}
