package io.github.llmcache.cli.transfer;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Gives each fuzz target what fuzzing begins with, and what it has found: the files in
 * the folder {@code fuzz/} and its name.
 */
class FuzzSeedsTests {

	@ParameterizedTest
	@MethodSource
	void targets(String target) throws Exception {
		Method method = Class.forName(target).getMethod("fuzzerTestOneInput", byte[].class);
		List<Path> seeds = list(folder().resolve(target));
		assertThat(seeds).isNotEmpty();
		for (Path seed : seeds) {
			method.invoke(null, Files.readAllBytes(seed));
		}
		method.invoke(null, new byte[0]);
	}

	static Stream<String> targets() throws Exception {
		return list(folder()).stream().map((folder) -> folder.getFileName().toString());
	}

	private static Path folder() throws URISyntaxException {
		return new File(Objects.requireNonNull(FuzzSeedsTests.class.getResource("/fuzz")).toURI()).toPath();
	}

	private static List<Path> list(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.sorted().toList();
		}
	}

}
