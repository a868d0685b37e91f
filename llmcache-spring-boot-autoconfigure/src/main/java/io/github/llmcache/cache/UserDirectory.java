package io.github.llmcache.cache;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Finds where entries are that somebody keeps without saying where: in the user's folder
 * for caches as the XDG Base Directory Specification has it.
 */
public final class UserDirectory {

	private UserDirectory() {
	}

	/**
	 * Find the folder.
	 * @param environment gives the values of {@code XDG_CACHE_HOME} and
	 * {@code user.home}, or {@code null}
	 * @return the folder, which may not exist
	 * @throws IllegalStateException if there is none; the message says what to correct
	 */
	public static Path find(UnaryOperator<@Nullable String> environment) {
		String xdg = environment.apply("XDG_CACHE_HOME");
		if (xdg != null && !xdg.isBlank()) {
			try {
				Path path = Path.of(xdg);
				// The specification: a relative path is invalid and to be ignored
				if (path.isAbsolute()) {
					return path.resolve("llmcache");
				}
			}
			catch (InvalidPathException ex) {
				throw new IllegalStateException("The environment variable XDG_CACHE_HOME is not a path", ex);
			}
		}
		String home = environment.apply("user.home");
		if (home == null || home.isBlank()) {
			throw new IllegalStateException("There is no home folder to keep the cache in", null);
		}
		return Path.of(home, ".cache", "llmcache");
	}

}
