package io.github.llmcache.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FailuresTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "stats", "list", "show 1234", "explain -", "prune --all --yes", "verify" })
	void saysThatThereIsNoCache(String command) {
		Path missing = this.directory.resolve("missing");
		for (String backend : new String[] { "sqlite", "FILE" }) {
			CommandRun run = CommandRun.on(missing, (command + " --backend " + backend).split(" "));
			assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
			assertThat(run.out()).isEmpty();
			assertThat(run.err().lines()).singleElement()
				.asString()
				.startsWith("llmcache: There is no cache in " + missing + ": The folder does not exist");
		}
		assertThat(missing).doesNotExist();
	}

	@Test
	void saysThatAFileIsNoCache() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "");
		assertThat(CommandRun.on(file, "stats").err()).contains("There is no cache in " + file + ": It is no folder");
	}

	@Test
	void saysThatAFileIsNoDatabase() throws IOException {
		CommandRun.fill(this.directory, 10);
		try (var files = Files.list(this.directory)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".sqlite")).toList()) {
				Files.writeString(file, "This is no database, but it has to be longer than a header is. ".repeat(100));
			}
		}
		CommandRun run = CommandRun.on(this.directory, "verify");
		assertThat(run.exitCode()).isIn(ExitCode.FAILURE, ExitCode.INCOMPLETE);
		assertThat(run.out() + run.err()).contains(".sqlite").doesNotContain("\tat ");
	}

	@Test
	void takesTheCacheFromTheEnvironment() throws IOException {
		Path files = Files.createDirectory(this.directory.resolve("files"));
		try (var store = CommandRun.files(files)) {
			new TestCache().fill(store, 10);
		}
		CommandRun run = CommandRun.of(TerminalTraits.NONE, "",
				Map.of("LLMCACHE_BACKEND", "file", "LLMCACHE_DIRECTORY", files.toString()), "list", "--limit", "0");
		assertThat(run.out()).startsWith("0 of 10 entries");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			redis://:hunter2@[       | --redis-url has to be like
			http://u:hunter2@host    | --redis-url has to be like
			redis://                 | --redis-url has to be like
			localhost:notaport       | --redis-url has to be like
			''                       | --redis-url has to be like
			""")
	void refusesWhatIsNoAddress(String url, String message) {
		CommandRun run = CommandRun.of("stats", "--backend", "redis", "--redis-url=" + url);
		assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
		assertThat(run.err().lines()).singleElement().asString().contains(message).doesNotContain("hunter2");
	}

	@Test
	void saysThatRedisDoesNotAnswer() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		CommandRun run = CommandRun.of(TerminalTraits.NONE, "",
				Map.of("LLMCACHE_BACKEND", "redis", "LLMCACHE_REDIS_URL", "redis://:hunter2@127.0.0.1:" + port),
				"stats");
		assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
		assertThat(run.err().lines()).singleElement()
			.asString()
			.contains("Redis cannot be used", "check that it runs and --redis-url")
			.doesNotContain("hunter2");
	}

	@Test
	void theHelpShowsNoPassword() {
		CommandRun run = CommandRun.of(TerminalTraits.NONE, "",
				Map.of("LLMCACHE_REDIS_URL", "redis://:hunter2@localhost"), "stats", "--help");
		assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run.out()).contains("--redis-url").doesNotContain("hunter2");
	}

	@Test
	void suggestsACommand() {
		CommandRun run = CommandRun.of("statz");
		assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
		assertThat(run.err().lines()).singleElement().asString().contains("'statz'", "stats", "llmcache --help");
		assertThat(CommandRun.of().err()).contains("Missing required subcommand");
	}

	@Test
	void showsWhereItFailedIfSomebodyAsks() {
		Path missing = this.directory.resolve("missing");
		assertThat(CommandRun.on(missing, "stats", "--debug").err()).contains("\tat io.github.llmcache.cli.");
		assertThat(
				CommandRun.of(TerminalTraits.NONE, "", Map.of("LLMCACHE_DEBUG", "1"), "stats", "-d", "/missing").err())
			.contains("\tat io.github.llmcache.cli.");
	}

	@Test
	void completesInShells() {
		CommandRun run = CommandRun.of("generate-completion");
		assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run.out()).contains("complete -F _complete_llmcache", "\"sqlite\" \"file\" \"redis\"",
				"least-recently-used", "--dry-run");
	}

	@Test
	void saysItsVersion() {
		assertThat(CommandRun.of("--version").out()).startsWith("llmcache ");
	}

}
