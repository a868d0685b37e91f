package io.github.llmcache.autoconfigure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Finds the folder of the entries: the configured one, or else the user's folder for
 * caches as the XDG Base Directory Specification has it.
 */
final class CacheDirectory {

	private CacheDirectory() {
	}

	static Path resolve(@Nullable Path configured, Environment environment) {
		if (configured != null) {
			return configured.toAbsolutePath().normalize();
		}
		return userCaches(environment).resolve("llmcache");
	}

	private static Path userCaches(Environment environment) {
		String xdg = environment.getProperty("XDG_CACHE_HOME");
		if (StringUtils.hasText(xdg)) {
			try {
				Path path = Path.of(xdg);
				// The specification: a relative path is invalid and to be ignored
				if (path.isAbsolute()) {
					return path;
				}
			}
			catch (InvalidPathException ex) {
				throw new LlmCacheConfigurationException("The environment variable XDG_CACHE_HOME is not a path.",
						"Correct it, or set 'llmcache.directory'.");
			}
		}
		String home = environment.getProperty("user.home");
		if (!StringUtils.hasText(home)) {
			throw new LlmCacheConfigurationException("There is no home folder to keep the cache in.",
					"Set 'llmcache.directory'.");
		}
		return Path.of(home, ".cache");
	}

}
