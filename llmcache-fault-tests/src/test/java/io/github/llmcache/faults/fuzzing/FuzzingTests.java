package io.github.llmcache.faults.fuzzing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzzes each target for a while with Jazzer, in a process of its own, from the seeds
 * that are in the module of the target. What is found is left in {@code target/fuzzing}:
 * make it a seed once it is corrected.
 */
class FuzzingTests {

	private static final Path FOUND = Path.of("target", "fuzzing").toAbsolutePath();

	private static final Pattern RUNS = Pattern.compile("stat::number_of_executed_units: +([0-9]+)");

	/** Where targets are, by the modules that have them. */
	private static final List<Path> MODULES = List.of(Path.of("..", "llmcache-spring-boot-autoconfigure"),
			Path.of("..", "llmcache-cli"));

	@ParameterizedTest
	@MethodSource
	void targets(String target, Path module, @TempDir Path corpus) throws Exception {
		Path found = Files.createDirectories(FOUND.resolve(target));
		Path log = found.resolve("log.txt");
		Process process = new ProcessBuilder(command(target, module, corpus, found)).redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.directory(found.toFile())
			.start();
		int exit;
		try {
			exit = process.waitFor();
		}
		finally {
			process.destroyForcibly();
		}
		String printed = Files.readString(log);
		Matcher runs = RUNS.matcher(printed);
		long inputs = runs.find() ? Long.parseLong(runs.group(1)) : 0;
		Survival.of(Area.FUZZING, what(target)).count("inputs", inputs).thrown((exit != 0) ? 1 : 0).record();
		assertThat(exit).as(() -> printed).isZero();
		assertThat(inputs).as(() -> printed).isPositive();
	}

	static Stream<Object[]> targets() throws IOException {
		List<Object[]> targets = new ArrayList<>();
		for (Path module : MODULES) {
			try (Stream<Path> seeds = Files.list(seeds(module))) {
				seeds.sorted()
					.forEach((folder) -> targets.add(new Object[] { folder.getFileName().toString(), module }));
			}
		}
		return targets.stream();
	}

	private static Path seeds(Path module) {
		return module.resolve(Path.of("src", "test", "resources", "fuzz")).toAbsolutePath().normalize();
	}

	private static List<String> command(String target, Path module, Path corpus, Path found) {
		return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
				"-XX:+EnableDynamicAgentLoading", "-cp", classpath(module), "com.code_intelligence.jazzer.Jazzer",
				"--target_class=" + target, "--instrumentation_includes=io.github.llmcache.**",
				"--custom_hook_includes=io.github.llmcache.**", "-max_total_time=" + Scale.of(20, 2), "-timeout=300",
				"-rss_limit_mb=4096", "-use_value_profile=1", "-print_final_stats=1",
				"-artifact_prefix=" + found + File.separator, corpus.toString(),
				seeds(module).resolve(target).toString());
	}

	/**
	 * Return the class path of a target: the classes of its module may be in no jar that
	 * another one can use.
	 */
	private static String classpath(Path module) {
		Path classes = module.resolve("target").toAbsolutePath().normalize();
		return String.join(File.pathSeparator, classes.resolve("classes").toString(),
				classes.resolve("test-classes").toString(), absolute(System.getProperty("java.class.path")));
	}

	private static String absolute(String classpath) {
		return String.join(File.pathSeparator,
				Stream.of(classpath.split(File.pathSeparator))
					.map((element) -> Path.of(element).toAbsolutePath().toString())
					.toList());
	}

	private static String what(String target) {
		return target.substring(target.lastIndexOf('.') + 1)
			.replace("FuzzTarget", "")
			.replaceAll("(?<=.)([A-Z])", " $1");
	}

}
