package io.github.llmcache.cli;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class PruneCommandTests {

	@TempDir
	private Path directory;

	@BeforeEach
	void fill() {
		CommandRun.fill(this.directory, 100);
	}

	private int entries() {
		return CommandRun.on(this.directory, "list", "--json", "--limit", "0").json().path("matching").intValue();
	}

	@Test
	void tellsWhatWouldGo() {
		CommandRun run = CommandRun.on(this.directory, "prune", "--older-than", "90h", "--dry-run");
		assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run.out()).containsPattern("gpt-4o +6 ")
			.containsPattern("total +10 ")
			.contains("… and 5 more", "Nothing was deleted: this was a dry run.");
		assertThat(entries()).isEqualTo(100);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			--older-than 90h,                         90
			--model gpt-4o,                           40
			--namespace evals,                        90
			--finish-reason length --newer-than 50h,  97
			--expired,                                91
			--all,                                    0
			--model nothing,                          100
			""")
	void deletesWhatIsMeant(String options, int left) {
		String[] args = ("prune --yes --json " + options).split(" ");
		CommandRun run = CommandRun.on(this.directory, args);
		assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
		JsonNode json = run.json();
		assertThat(json.path("deleted").intValue()).isEqualTo(100 - left);
		assertThat(json.path("entries").intValue()).isEqualTo(100 - left);
		assertThat(json.path("dryRun").booleanValue()).isFalse();
		assertThat(entries()).isEqualTo(left);
	}

	@Test
	void deletesOneEntry() {
		String key = new TestCache().entry(7).key().hex();
		CommandRun run = CommandRun.on(this.directory, "prune", "--key", key.substring(0, 10), "--yes");
		assertThat(run.out()).contains("Deleted 1 entry.");
		assertThat(CommandRun.on(this.directory, "show", key).exitCode()).isEqualTo(ExitCode.FAILURE);
		assertThat(entries()).isEqualTo(99);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			y,    58
			YES,  58
			n,    100
			'',   100
			sure, 100
			""")
	void asksOnATerminal(String answer, int left) {
		CommandRun run = CommandRun.of(CommandRun.SHOWN, answer + "\n", Map.of(), "prune", "--model", TestCache.GPT,
				"--older-than", "33h", "--directory", this.directory.toString());
		assertThat(run.err()).contains("Delete 42 entries? [y/N] ");
		assertThat(run.exitCode()).isEqualTo((left < 100) ? ExitCode.OK : ExitCode.FAILURE);
		assertThat(entries()).isEqualTo(left);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			--yes                  | Say which entries to delete, or --all
			--all --model x --yes  | --all goes with no other condition
			--all                  | Nobody can be asked here: add --yes
			--key zz --yes         | A key is 4 to 64 hexadecimal digits
			""")
	void deletesNothingByAccident(String options, String message) {
		CommandRun run = CommandRun.on(this.directory, ("prune " + options).split(" "));
		assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
		assertThat(run.err()).contains(message);
		assertThat(entries()).isEqualTo(100);
	}

}
