package io.github.llmcache.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Starts a JVM of the same version and waits for its end.
 */
final class ChildJvm {

	private final List<Path> classPath;

	private final List<String> options;

	private ChildJvm(List<Path> classPath, List<String> options) {
		this.classPath = classPath;
		this.options = options;
	}

	static ChildJvm of(List<Path> classPath) {
		return new ChildJvm(classPath, List.of());
	}

	ChildJvm options(String... options) {
		return new ChildJvm(this.classPath, List.of(options));
	}

	/**
	 * Run a class.
	 * @param mainClass the name of the class
	 * @param arguments its arguments
	 * @return what it prints, each line behind the milliseconds since the start if it
	 * asks for that by beginning with {@code @}
	 * @throws IOException if it fails
	 * @throws InterruptedException if this thread is interrupted
	 */
	List<String> run(String mainClass, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(this.options);
		command.add("-cp");
		command.add(this.classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
		command.add(mainClass);
		command.addAll(List.of(arguments));
		long start = System.nanoTime();
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		List<String> lines = new ArrayList<>();
		try (BufferedReader output = process.inputReader()) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				lines.add(line.startsWith("@") ? (System.nanoTime() - start) / 1_000_000 + line : line);
			}
		}
		if (process.waitFor() != 0) {
			throw new IOException(mainClass + " has failed:\n" + String.join("\n", lines));
		}
		return lines;
	}

}
