package io.github.llmcache.cli;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ShowCommandTests {

	private final TestCache cache = new TestCache();

	@TempDir
	private Path directory;

	@Test
	void showsWhatWasAskedAndAnswered() {
		CommandRun.fill(this.directory, 10);
		String key = this.cache.entry(5).key().hex();
		CommandRun run = CommandRun.on(this.directory, "show", key.substring(0, 12).toUpperCase(Locale.ROOT));
		assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run.lines()).startsWith(key, "model gpt-4o, 1 sample, 5 h 01 min old");
		assertThat(run.out()).contains("What is 5 + 5?", "It is 10.", "temperature: 0.0");
	}

	@Test
	void printsWhatIsStored() {
		CommandRun.fill(this.directory, 10);
		List<String> lines = CommandRun.on(this.directory, "show", this.cache.entry(1).key().hex(), "--raw").lines();
		assertThat(lines).hasSize(2);
		assertThat(lines.get(0)).startsWith("{\"namespace\":\"\",\"endpoint\":\"https://api.anthropic.com/v1\"");
		assertThat(lines.get(1)).startsWith("{\"id\":\"msg_1\"");
	}

	@Test
	void tellsPrograms() {
		CommandRun.fill(this.directory, 10);
		JsonNode json = CommandRun.on(this.directory, "show", this.cache.entry(4).key().hex(), "--json").json();
		assertThat(json.path("model").stringValue()).isEqualTo(TestCache.GPT);
		assertThat(json.path("expiresAt").stringValue()).isEqualTo("2026-03-01T19:59:00Z");
		assertThat(json.path("request").stringValue()).startsWith("{\"namespace\":");
		assertThat(json.path("responses").path(0).path("durationMillis").intValue()).isEqualTo(800);
		assertThat(json.path("responses").path(0).path("body").stringValue()).contains("It is 8.");
	}

	@Test
	void namesTheEntriesThatCouldBeMeant() {
		CommandRun.fill(this.directory, 1500);
		Set<String> prefixes = new HashSet<>();
		String shared = IntStream.range(0, 1500)
			.mapToObj((number) -> this.cache.entry(number).key().hex().substring(0, 4))
			.filter((prefix) -> !prefixes.add(prefix))
			.findFirst()
			.orElseThrow();
		CommandRun run = CommandRun.on(this.directory, "show", shared);
		assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
		assertThat(run.err().lines()).singleElement()
			.asString()
			.matches("llmcache: Several keys begin with .*: [0-9a-f]{12} \\(.*\\), [0-9a-f]{12} \\(.*\\)");
	}

	@Test
	void refusesWhatIsNoKey() {
		CommandRun.fill(this.directory, 1);
		assertThat(CommandRun.on(this.directory, "show", "abc").exitCode()).isEqualTo(ExitCode.USAGE);
		assertThat(CommandRun.on(this.directory, "show", "../etc").err()).contains("A key is 4 to 64 hexadecimal");
		CommandRun missing = CommandRun.on(this.directory, "show", "0123456789");
		assertThat(missing.exitCode()).isEqualTo(ExitCode.FAILURE);
		assertThat(missing.err()).contains("There is no entry whose key begins with 0123456789");
	}

	@Test
	void whatIsShownControlsNoTerminal() {
		CacheEntry hostile = this.cache.entry("\\u001b[2J\\u202eevil", "\\u001b]0;owned\\u0007 \\u009b31m");
		try (CacheStore store = CommandRun.sqlite(this.directory)) {
			store.putAll(List.of(hostile));
		}
		for (String form : List.of("--model=" + TestCache.GPT, "--raw", "--json")) {
			CommandRun run = CommandRun.of(CommandRun.SHOWN, "", Map.of(), "show", hostile.key().hex(), form,
					"--directory", this.directory.toString());
			assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
			assertThat(run.out()).contains("evil").doesNotContain("\u001b", "\u202e", "\u0007", "\u009b");
		}
	}

}
