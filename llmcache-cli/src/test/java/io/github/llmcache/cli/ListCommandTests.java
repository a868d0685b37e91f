package io.github.llmcache.cli;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ListCommandTests {

	@TempDir
	private Path directory;

	@BeforeEach
	void fill() {
		CommandRun.fill(this.directory, 100);
	}

	@Test
	void listsTheNewestFirst() {
		List<String> lines = CommandRun.on(this.directory, "list", "--limit", "3").lines();
		assertThat(lines).hasSize(5);
		assertThat(lines.get(0)).startsWith("KEY           MODEL");
		assertThat(lines.get(1)).matches("[0-9a-f]{12}  gemini-2.5-flash +1 min 00 s +1 +stop .*");
		assertThat(lines.get(2)).matches("[0-9a-f]{12}  claude-sonnet-4-5 +1 h 01 min .*");
		assertThat(lines.get(4)).matches("3 of 100 entries, .* KB, \\$0.0100");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', textBlock = """
			--model gpt-4o,                          60
			--namespace evals,                       10
			--namespace=,                            90
			--older-than 90h,                        10
			--newer-than 90m,                        2
			--unused-for 98h,                        2
			--finish-reason length,                  5
			--expired,                               9
			--model gpt-4o --finish-reason length,   5
			--model nothing,                         0
			""")
	void findsWhatIsMeant(String options, int matching) {
		String[] args = ("list --json --limit 1000 " + options).split(" ");
		JsonNode json = CommandRun.on(this.directory, args).json();
		assertThat(json.path("matching").intValue()).isEqualTo(matching);
		assertThat(json.path("entries").size()).isEqualTo(matching);
	}

	@Test
	void tellsProgramsEverything() {
		JsonNode entry = CommandRun.on(this.directory, "list", "--json", "--order", "oldest", "--limit", "1")
			.json()
			.path("entries")
			.path(0);
		assertThat(entry.path("key").stringValue()).matches("[0-9a-f]{64}");
		assertThat(entry.path("model").stringValue()).isEqualTo(TestCache.GPT);
		assertThat(entry.path("readable").booleanValue()).isTrue();
		assertThat(entry.path("createdAt").stringValue()).isEqualTo("2026-02-25T08:59:00Z");
		assertThat(entry.path("samples").intValue()).isOne();
		assertThat(entry.path("finishReason").stringValue()).isEqualTo("STOP");
		assertThat(entry.path("cost").decimalValue()).isEqualByComparingTo("0.0001");
		assertThat(entry.path("expiresAt").isNull()).isTrue();
	}

	@Test
	void justCounts() {
		assertThat(CommandRun.on(this.directory, "list", "--limit", "0").lines()).singleElement()
			.asString()
			.startsWith("0 of 100 entries, ");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
			--order biggest   | expected one of newest, oldest, largest, costliest, least-recently-used but was
			--older-than 30   | '30' is no time such as 90s, 15m, 12h or 30d
			--older-than soon | 'soon' is no time such as
			--older-than=-3d  | '-3d' is no time such as
			--limit -1        | --limit must not be negative
			--limit many      | 'many' is not an int
			--modell x        | '--modell', 'x'. Did you mean --model?
			""")
	void refusesWhatMakesNoSense(String options, String message) {
		CommandRun run = CommandRun.on(this.directory, ("list " + options).split(" "));
		assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
		assertThat(run.out()).isEmpty();
		assertThat(run.err().lines()).singleElement().asString().startsWith("llmcache: ").contains(message);
	}

}
