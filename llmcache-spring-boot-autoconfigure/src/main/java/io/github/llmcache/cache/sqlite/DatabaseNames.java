package io.github.llmcache.cache.sqlite;

import io.github.llmcache.cache.FileNames;

/**
 * Names database files after models.
 */
final class DatabaseNames {

	static final String SUFFIX = ".sqlite";

	private DatabaseNames() {
	}

	static String of(String model) {
		return FileNames.of(model) + SUFFIX;
	}

	/**
	 * Return whether a name may have been made by {@link #of(String)}.
	 * @param fileName the name
	 * @return whether it looks like that
	 */
	static boolean matches(String fileName) {
		return fileName.endsWith(SUFFIX)
				&& FileNames.matches(fileName.substring(0, fileName.length() - SUFFIX.length()));
	}

}
