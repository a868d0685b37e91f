package io.github.llmcache.autoconfigure;

import java.nio.file.Path;

import io.github.llmcache.cache.UserDirectory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Finds the folder of the entries: the configured one, or else the user's.
 */
final class CacheDirectory {

	private CacheDirectory() {
	}

	static Path resolve(@Nullable Path configured, Environment environment) {
		if (configured != null) {
			return configured.toAbsolutePath().normalize();
		}
		try {
			return UserDirectory.find(environment::getProperty);
		}
		catch (IllegalStateException ex) {
			throw new LlmCacheConfigurationException(ex.getMessage() + ".",
					"Correct that, or set 'llmcache.directory'.");
		}
	}

}
