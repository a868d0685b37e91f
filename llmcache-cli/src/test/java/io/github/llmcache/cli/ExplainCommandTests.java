package io.github.llmcache.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ExplainCommandTests {

	private static final String HIT = """
			{"model": "gpt-4o", "prompt": "What is 5 + 5?", "temperature": 0.0}
			""";

	@TempDir
	private Path directory;

	@BeforeEach
	void fill() {
		CommandRun.fill(this.directory, 50);
	}

	private CommandRun explain(String request, String... options) {
		List<String> args = new ArrayList<>(List.of("explain", "-", "--directory", this.directory.toString()));
		args.addAll(List.of(options));
		return CommandRun.of(TerminalTraits.NONE, request, Map.of(), args.toArray(String[]::new));
	}

	@Test
	void recognizesAHit() throws IOException {
		CommandRun run = explain(HIT);
		assertThat(run.err()).isEmpty();
		assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run.out()).startsWith("Hit: ");
		Path file = Files.writeString(this.directory.resolve("request.json"), HIT);
		assertThat(CommandRun.on(this.directory, "explain", file.toString()).out()).startsWith("Hit: ");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
			{"model": "claude-sonnet-4-5", "prompt": "What is 1 + 1?", "maxTokens": 1024}
			{"model": "claude-sonnet-4-5", "prompt": "What is 3 + 3?", "maxTokens": 1024, "namespace": "evals"}
			{"model": "gemini-2.5-flash", "prompt": "What is 0 + 0?"}
			""")
	void knowsTheProvidersOfModels(String request) {
		assertThat(explain(request).out()).startsWith("Hit: ");
	}

	@Test
	void saysWhatDiffers() {
		String miss = HIT.replace("0.0", "0.7");
		CommandRun run = explain(miss);
		assertThat(run.exitCode()).isEqualTo(ExitCode.MISS);
		assertThat(run.out()).startsWith("Miss: ")
			.contains("Compared with 30 entries of gpt-4o.", "/body/temperature")
			.doesNotContain("requested:");
		assertThat(explain(miss, "--values").out()).contains("stored:    0.0", "requested: 0.7");
		JsonNode json = explain(miss, "--json").json();
		assertThat(json.path("hit").booleanValue()).isFalse();
		assertThat(json.path("outcome").stringValue()).isEqualTo("NOT_STORED");
		assertThat(json.path("nearest").path(0).path("differences").path(0).path("pointer").stringValue())
			.isEqualTo("/body/temperature");
		assertThat(json.path("nearest").path(0).path("differences").path(0).path("stored").isNull()).isTrue();
	}

	@Test
	void takesTheFormThatIsKeptBesideEntries() {
		String key = new TestCache().entry(3).key().hex();
		String stored = CommandRun.on(this.directory, "show", key, "--raw").lines().get(0);
		assertThat(explain(stored).out()).startsWith("Hit: ");
		assertThat(explain(stored.replace("3 + 3", "three + 3")).exitCode()).isEqualTo(ExitCode.MISS);
	}

	@Test
	void asksAsTheApplicationIsConfigured() {
		CommandRun elsewhere = explain(HIT, "--base-url", "http://localhost:8000/v1");
		assertThat(elsewhere.exitCode()).isEqualTo(ExitCode.MISS);
		assertThat(elsewhere.out()).contains("/endpoint");
		assertThat(explain(HIT, "--cache-identity", "https://api.openai.com/v1").exitCode()).isEqualTo(ExitCode.OK);
		assertThat(explain(HIT, "--provider", "deepseek").out()).contains("/endpoint");
		assertThat(explain(HIT, "--namespace", "evals").out()).contains("/namespace");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "no JSON", "[]", "{}", "{\"model\": 1}", "{\"model\": \"gpt-4o\"}",
			"{\"model\": \"gpt-4o\", \"prompt\": \"secret\", \"temprature\": 1}",
			"{\"body\": {}, \"model\": \"gpt-4o\"}",
			"{\"body\": {\"x\": 1e999999999999}, \"model\": \"m\", \"endpoint\": \"e\", \"operation\": \"o\"}" })
	void refusesWhatIsNoRequest(String request) {
		CommandRun run = explain(request);
		assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
		assertThat(run.err().lines()).singleElement().asString().startsWith("llmcache: This is no request: ");
		assertThat(run.err()).doesNotContain("secret");
	}

	@Test
	void saysThatItDoesNotKnowTheProvider() {
		CommandRun run = explain("{\"model\": \"llama\", \"prompt\": \"Hi\"}");
		assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
		assertThat(run.err().lines()).singleElement().asString().contains("No provider for model 'llama'");
		assertThat(explain(HIT, "--protocol", "telepathy").exitCode()).isEqualTo(ExitCode.USAGE);
	}

	@Test
	void saysThatThereIsNoFile() {
		CommandRun run = CommandRun.on(this.directory, "explain", "/nowhere/request.json");
		assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
		assertThat(run.err()).contains("There is no file /nowhere/request.json");
	}

}
