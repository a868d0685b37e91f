package io.github.llmcache.test.autoconfigure;

import java.nio.file.Path;
import java.util.Map;

import io.github.llmcache.CacheMode;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Sets the properties with which a test replays or records. Equal ones share a context.
 *
 * @param directory the folder of the recorded answers
 * @param mode what the cache is used for
 */
record LlmCacheContextCustomizer(Path directory, CacheMode mode) implements ContextCustomizer {

	private static final String NAME = "Recorded answers of the test";

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
		MapPropertySource properties = new MapPropertySource(NAME, properties());
		MutablePropertySources sources = context.getEnvironment().getPropertySources();
		// The test's own properties are before the system's, everything else after them
		if (sources.contains(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)) {
			sources.addBefore(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, properties);
		}
		else {
			sources.addLast(properties);
		}
	}

	private Map<String, Object> properties() {
		return Map.of("llmcache.enabled", true, "llmcache.backend", "file", "llmcache.directory",
				this.directory.toString(), "llmcache.mode", this.mode.name(),
				// What is recorded has to last, and is not to change by itself
				"llmcache.time-to-live", "", "llmcache.maintenance.enabled", false,
				// A miss is to be explained to whoever has written the test
				"llmcache.store-requests", true, "llmcache.explain.show-values", true,
				// Would be files beside the answers
				"llmcache.history.enabled", false);
	}

}
