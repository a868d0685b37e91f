package io.github.llmcache.faults.lifecycle;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.provider.StandInProvider;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * An application that has nothing but the auto-configuration.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class CachedApplication {

	static final String MODEL = "gpt-4o-mini";

	static final int MAX_CONCURRENCY = 8;

	/**
	 * Start the application.
	 * @param standIn the provider that it asks
	 * @param properties further properties, in the form {@code name=value}
	 * @return its context, to be closed
	 */
	static ConfigurableApplicationContext start(StandInProvider standIn, List<String> properties) {
		List<String> arguments = new ArrayList<>(List.of("--spring.main.banner-mode=off",
				"--spring.main.register-shutdown-hook=false", "--logging.level.root=error",
				"--llmcache.redis.command-timeout=30s", "--llmcache.providers.openai.base-url=" + standIn.baseUrl(),
				"--llmcache.providers.openai.cache-identity=stand-in",
				"--llmcache.providers.openai.api-key=" + StandInProvider.API_KEY,
				"--llmcache.providers.openai.max-concurrency=" + MAX_CONCURRENCY));
		properties.forEach((property) -> arguments.add("--" + property));
		return new SpringApplicationBuilder(CachedApplication.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

}
