package io.github.llmcache.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command line as a process of its own.
 */
class CliProcessTests {

	@TempDir
	private Path directory;

	@Test
	void saysNothingBesideItsResult() throws Exception {
		CommandRun.fill(this.directory, 50);
		CommandRun run = run(command("verify", "--directory", this.directory.toString()));
		assertThat(run.err()).isEmpty();
		assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run.out()).endsWith("All is well: 50 entries read." + System.lineSeparator());
	}

	@Test
	void failsInOneLine() throws Exception {
		CommandRun run = run(command("stats", "--directory", this.directory.resolve("missing").toString()));
		assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
		assertThat(run.out()).isEmpty();
		assertThat(run.err().lines()).singleElement().asString().startsWith("llmcache: There is no cache in ");
		assertThat(run(command("stats", "--nonsense")).exitCode()).isEqualTo(ExitCode.USAGE);
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void saysNothingWhenTheReaderHasSeenEnough() throws Exception {
		CommandRun.fill(this.directory, 2000);
		List<String> shell = new ArrayList<>(List.of("sh", "-c", "\"$@\" | head -n 1", "sh"));
		shell.addAll(command("list", "--json", "--limit", "2000", "--directory", this.directory.toString()));
		CommandRun run = run(shell);
		assertThat(run.out()).isEqualTo("{\n");
		assertThat(run.err()).isEmpty();
	}

	private static List<String> command(String... args) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
						System.getProperty("java.class.path"), LlmCacheCli.class.getName()));
		if (Runtime.version().feature() >= 24) {
			// The jar says so in its manifest
			command.add(1, "--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(List.of(args));
		return command;
	}

	private CommandRun run(List<String> command) throws IOException, InterruptedException {
		File out = Files.createTempFile("out", null).toFile();
		File err = Files.createTempFile("err", null).toFile();
		try {
			ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
			builder.environment().keySet().removeIf((name) -> name.startsWith("LLMCACHE") || name.contains("JAVA_"));
			int exitCode = builder.start().waitFor();
			return new CommandRun(exitCode, Files.readString(out.toPath(), StandardCharsets.UTF_8),
					Files.readString(err.toPath(), StandardCharsets.UTF_8));
		}
		finally {
			Files.delete(out.toPath());
			Files.delete(err.toPath());
		}
	}

}
