package io.github.llmcache.coexistence;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs a main class in a JVM of its own.
 */
final class JavaProcess {

	private JavaProcess() {
	}

	/**
	 * Run a class.
	 * @param main the class
	 * @param excludedJars matches the names of the jars that it does not have
	 * @param arguments the arguments
	 * @return all that it printed, and in the last line its exit code
	 */
	static String run(Class<?> main, Pattern excludedJars, String... arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
						classpathWithout(excludedJars), main.getName()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (!process.waitFor(1, TimeUnit.MINUTES)) {
			process.destroyForcibly();
		}
		return output + System.lineSeparator() + "exit code " + process.waitFor();
	}

	private static String classpathWithout(Pattern excludedJars) {
		return String.join(File.pathSeparator,
				Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
					.filter((element) -> !excludedJars.matcher(new File(element).getName()).lookingAt())
					.toList());
	}

}
