package io.github.llmcache.test.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ModuleDirectory}.
 */
class ModuleDirectoryTests {

	@TempDir
	Path project;

	@ParameterizedTest
	@CsvSource({ "pom.xml,target/test-classes", "build.gradle,build/classes/java/test",
			"build.gradle.kts,build/classes/kotlin/test", "src,bin/test" })
	void moduleIsTheNearestFolderThatLooksLikeOne(String mark, String output) throws Exception {
		Path module = this.project.resolve("a module");
		Files.createDirectories(this.project.resolve("src"));
		Files.createDirectories(module.resolve(mark));
		assertThat(ModuleDirectory.of(compiledInto(module.resolve(output)))).isEqualTo(module);
	}

	@Test
	void workingDirectoryIsTheModuleOfClassesFromElsewhere() {
		assertThat(ModuleDirectory.of(String.class)).isEqualTo(Path.of("").toAbsolutePath());
	}

	@Test
	void thisModuleIsFound() {
		assertThat(ModuleDirectory.of(getClass())).isEqualTo(Path.of("").toAbsolutePath());
	}

	/**
	 * Return a class that was loaded from a folder.
	 */
	private static Class<?> compiledInto(Path folder) throws IOException, ClassNotFoundException {
		String name = ModuleDirectoryTests.class.getName();
		String file = name.replace('.', '/') + ".class";
		Path copy = folder.resolve(file);
		Files.createDirectories(Objects.requireNonNull(copy.getParent()));
		try (InputStream in = Objects
			.requireNonNull(ModuleDirectoryTests.class.getClassLoader().getResourceAsStream(file))) {
			Files.copy(in, copy);
		}
		try (URLClassLoader loader = new URLClassLoader(new URL[] { folder.toUri().toURL() }, null)) {
			// Not initialized, so that what it depends on need not be there
			return Class.forName(name, false, loader);
		}
	}

}
