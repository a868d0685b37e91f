package io.github.llmcache.cache.file;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Pattern;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.FileNames;

/**
 * Where entries are: a directory a model, in it one for each beginning of a key, so that
 * none has very many files.
 */
final class EntryPaths {

	private static final int FOLDER_LENGTH = 2;

	private static final String SUFFIX = ".json";

	private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{" + FOLDER_LENGTH + "}");

	private static final Pattern FILE = Pattern
		.compile("[0-9a-f]{" + 2 * CacheKey.LENGTH + "}" + Pattern.quote(SUFFIX));

	private final Path directory;

	EntryPaths(Path directory) {
		this.directory = directory;
	}

	Path directory() {
		return this.directory;
	}

	Path modelDirectory(String model) {
		return this.directory.resolve(FileNames.of(model));
	}

	Path file(CacheKey key) {
		String hex = key.hex();
		return this.directory
			.resolve(FileNames.of(key.model()) + "/" + hex.substring(0, FOLDER_LENGTH) + "/" + hex + SUFFIX);
	}

	static boolean isModelDirectory(Path path) {
		return FileNames.matches(name(path));
	}

	static boolean isFolder(Path path) {
		return FOLDER.matcher(name(path)).matches();
	}

	/**
	 * Return whether a file of a folder may be that of an entry.
	 */
	static boolean isFile(Path path) {
		String name = name(path);
		return looksLikeFile(path) && path.getParent() != null && name.startsWith(name(path.getParent()));
	}

	/**
	 * Return whether a file is named like that of an entry, wherever it is.
	 */
	static boolean looksLikeFile(Path path) {
		return FILE.matcher(name(path)).matches();
	}

	/**
	 * Return the hash of the key of an entry.
	 * @param path the path of a file that {@linkplain #isFile may be} that of an entry
	 */
	static byte[] keyHash(Path path) {
		return HexFormat.of().parseHex(name(path), 0, 2 * CacheKey.LENGTH);
	}

	static String name(Path path) {
		return String.valueOf(path.getFileName());
	}

}
