package io.github.llmcache.cli;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class StatsCommandTests {

	@TempDir
	private Path directory;

	@Test
	void showsEachModelAndTheSum() {
		CommandRun.fill(this.directory, 100);
		CommandRun run = CommandRun.on(this.directory, "stats");
		assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run.err()).isEmpty();
		assertThat(run.lines()).hasSize(5);
		assertThat(run.lines().get(0)).startsWith("MODEL").endsWith("SPENT");
		assertThat(run.lines().get(1)).matches("claude-sonnet-4-5 +30 .* \\$0.0030 +1,027 +33 +96.9 % +\\$0.10 .*");
		assertThat(run.lines().get(3)).matches("gpt-4o +60 .* \\$0.0060 +400 +400 +50.0 % .*");
		assertThat(run.lines().get(4)).matches("total +100 .* \\$0.0100 +1,427 +433 +76.7 % .*");
	}

	@Test
	void tellsProgramsMore() {
		CommandRun.fill(this.directory, 100);
		JsonNode json = CommandRun.on(this.directory, "stats", "--json").json();
		assertThat(json.path("backend").stringValue()).isEqualTo("sqlite");
		assertThat(json.path("location").stringValue()).isEqualTo(this.directory.toString());
		assertThat(json.path("total").path("entries").intValue()).isEqualTo(100);
		assertThat(json.path("total").path("stored").decimalValue()).isEqualByComparingTo("0.01");
		assertThat(json.path("models").path(1).path("model").stringValue()).isEqualTo(TestCache.GEMINI);
		assertThat(json.path("models").path(1).path("hitRate").isNull()).isTrue();
		assertThat(json.path("models").path(2).path("saved").decimalValue()).isEqualByComparingTo("0.04");
	}

	@Test
	void showsDays() {
		CommandRun.fill(this.directory, 10);
		CommandRun run = CommandRun.on(this.directory, "stats", "--daily");
		assertThat(run.lines()).hasSize(4);
		assertThat(run.lines().get(1)).matches("2026-02-28 +100 +300 +25.0 % +300 .*");
		assertThat(run.lines().get(2)).matches("2026-03-01 +327 +123 +72.7 % .*");
		assertThat(run.lines().get(3)).matches("total +427 +423 +50.2 % .*");
		assertThat(CommandRun.on(this.directory, "stats", "--daily", "--days", "1").lines()).hasSize(3);
		JsonNode all = CommandRun
			.on(this.directory, "stats", "--daily", "--days", "60", "--model", TestCache.CLAUDE, "--json")
			.json();
		assertThat(all.path("days").size()).isEqualTo(2);
		assertThat(all.path("days").path(0).path("day").stringValue()).isEqualTo("2026-01-20");
		assertThat(all.path("days").path(0).path("hits").intValue()).isEqualTo(1000);
	}

	@Test
	void showsOneNamespace() {
		CommandRun.fill(this.directory, 100);
		CommandRun run = CommandRun.on(this.directory, "stats", "--namespace", "evals");
		assertThat(run.lines()).hasSize(2);
		assertThat(run.lines().get(1)).matches("claude-sonnet-4-5 +10 .* \\$0.0010 +7 +3 +70.0 % .*");
		JsonNode unnamed = CommandRun.on(this.directory, "stats", "--namespace", "", "--json").json();
		assertThat(unnamed.path("total").path("entries").intValue()).isEqualTo(90);
		assertThat(unnamed.path("total").path("hits").intValue()).isEqualTo(1420);
		assertThat(CommandRun.on(this.directory, "stats", "--daily", "--namespace", "evals").lines().get(1))
			.matches("2026-03-01 +7 +3 +70.0 % .*");
		assertThat(CommandRun.on(this.directory, "stats", "--namespace", "other").out())
			.contains("Nothing was stored or counted in this namespace.");
	}

	@Test
	void saysThatNothingIsThere() {
		assertThat(CommandRun.on(this.directory, "stats").out())
			.isEqualTo("The cache in " + this.directory + " is empty." + System.lineSeparator());
		assertThat(CommandRun.on(this.directory, "stats", "--daily").out()).contains("Nothing was counted in 30 days.");
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void refusesNoDays() {
		CommandRun run = CommandRun.on(this.directory, "stats", "--daily", "--days", "0");
		assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
		assertThat(run.err()).contains("--days must be at least 1");
	}

}
