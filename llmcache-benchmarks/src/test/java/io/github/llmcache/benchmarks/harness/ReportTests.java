package io.github.llmcache.benchmarks.harness;

import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTests {

	private static final List<Result> RESULTS = List.of(result("typical", "floor", 1, 20_000),
			result("typical", "llmcache", 1, 18_000), result("typical", "floor", 2, 40_000),
			result("typical", "llmcache", 2, 30_000), result("other", "llmcache", 1, 1));

	@Test
	void tableHasMedianMinAndMaxAndComparesWithTheFirstOfAsManyThreads() {
		List<String> lines = Report.table(RESULTS);
		assertThat(lines).hasSize(6);
		assertThat(lines.get(0)).containsSubsequence("benchmark", "variant", "threads", "median", "min", "max", "unit",
				"ratio");
		assertThat(lines.get(1)).containsSubsequence("typical", "floor", "20,000", "19,999", "20,001")
			.endsWith("lookups/s");
		assertThat(lines.get(2)).endsWith("0.90 of floor");
		assertThat(lines.get(3)).endsWith("2.00 of floor, 1 thread");
		assertThat(lines.get(4)).endsWith("0.75 of floor");
		assertThat(lines.get(5)).containsSubsequence("other", "1.00").endsWith("lookups/s");
	}

	@Test
	void jsonIsOneObjectALineWithTheRatioToEachPeer() {
		List<String> lines = Report.json(RESULTS);
		assertThat(lines).hasSize(5);
		assertThat(new JsonMapper().readTree(lines.get(1))).isEqualTo(new JsonMapper().readTree("""
				{"benchmark":"typical","variant":"llmcache","threads":1,"value":18000.0,"unit":"lookups/s",
				"min":17999.0,"max":18001.0,
				"ratio":{"floor":0.9,"floor, 2 threads":0.45,"llmcache, 2 threads":0.6}}"""));
	}

	@Test
	void jsonHasNoRatioToNothing() {
		List<Result> results = List.of(result("a", "x", 1, 5), result("a", "y", 1, 0));
		assertThat(Report.json(results).get(0)).contains("\"ratio\":{}");
	}

	private static Result result(String benchmark, String variant, int threads, double value) {
		return new Result(benchmark, variant, threads, "lookups/s", new Summary(value, value - 1, value + 1));
	}

}
