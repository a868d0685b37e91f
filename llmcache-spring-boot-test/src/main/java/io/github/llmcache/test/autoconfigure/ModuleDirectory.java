package io.github.llmcache.test.autoconfigure;

import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Finds the folder of a test's module, whatever folder the test is started in: build
 * tools start it there, an IDE perhaps in that of the whole project.
 */
final class ModuleDirectory {

	private static final List<String> MARKS = List.of("pom.xml", "build.gradle", "build.gradle.kts", "src");

	private ModuleDirectory() {
	}

	/**
	 * Find the folder of a module.
	 * @param testClass a test of the module
	 * @return the nearest folder above the compiled class that looks like a module's, or
	 * else the working directory
	 */
	static Path of(Class<?> testClass) {
		Path folder = location(testClass);
		while (folder != null && !isModule(folder)) {
			folder = folder.getParent();
		}
		return (folder != null) ? folder : Path.of("").toAbsolutePath();
	}

	private static boolean isModule(Path folder) {
		return MARKS.stream().anyMatch((mark) -> Files.exists(folder.resolve(mark)));
	}

	private static @Nullable Path location(Class<?> testClass) {
		CodeSource source = testClass.getProtectionDomain().getCodeSource();
		if (source == null || source.getLocation() == null) {
			return null;
		}
		try {
			return Path.of(source.getLocation().toURI()).toAbsolutePath().getParent();
		}
		catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException ex) {
			// A class from somewhere else than the file system
			return null;
		}
	}

}
