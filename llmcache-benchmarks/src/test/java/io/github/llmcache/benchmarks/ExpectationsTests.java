package io.github.llmcache.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.benchmarks.Expectation.Figure;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Summary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ExpectationsTests {

	@Test
	void ratiosAreComparedWithTheirBounds() {
		assertThat(Expectations.describe(List.of(result("typical", "floor", 1, 100),
				result("typical", "llmcache", 1, 95), result("typical", "llmcache", 2, 114))))
			.containsExactly("typical, one thread, of the floor: 0.95, at least 0.90 (met)",
					"typical, two threads, of one thread: 1.20, at least 1.70 (missed)");
	}

	@Test
	void lessIsBetterWhereItIs() {
		List<Result> results = List.of(result("disk", "llmcache", 1, 5));
		assertThat(Expectation.atMost(5, "size", Figure.of("disk", "llmcache")).describe(results))
			.isEqualTo("size: 5.00, at most 5.00 (met)");
		assertThat(Expectation.atMost(4, "size", Figure.of("disk", "llmcache")).describe(results))
			.isEqualTo("size: 5.00, at most 4.00 (missed)");
	}

	@Test
	void benchmarksMeasureWhatIsExpected(@TempDir Path directory) throws Exception {
		Context context = new Context(500, false, 42, directory, (note) -> {
		});
		List<Result> results = new ArrayList<>();
		for (Benchmark benchmark : List.of(new Headline(), new Typical(), new Prefix(), new Hot(), new Batch(),
				new Populate(), new Disk())) {
			results.addAll(benchmark.run(context));
		}
		assertThat(results).allSatisfy((result) -> assertThat(result.summary().min()).isPositive());
		assertThat(Expectations.ALL).filteredOn(
				(expectation) -> !expectation.name().startsWith("scale") && !expectation.name().startsWith("startup"))
			.hasSizeGreaterThan(10)
			.allSatisfy((expectation) -> assertThat(expectation.describe(results)).isNotEmpty());
	}

	@Test
	void manyModelsAreMeasuredBesideOne(@TempDir Path directory) throws Exception {
		List<String> notes = new ArrayList<>();
		List<Result> results = ScaleModels.run(new Context(500, false, 42, directory, notes::add));
		assertThat(results).extracting(Result::variant).contains("1 model", "100 models");
		assertThat(results).allSatisfy((result) -> assertThat(result.summary().min()).isPositive());
		assertThat(results.size() == 4 || notes.size() == 1).as("open files, or why not").isTrue();
	}

	@Test
	void whatHasNotBeenMeasuredIsLeftOut() {
		List<Result> results = new ArrayList<>(List.of(result("typical", "llmcache", 1, 95)));
		assertThat(Expectations.describe(results)).isEmpty();
	}

	private static Result result(String benchmark, String variant, int threads, double value) {
		return new Result(benchmark, variant, threads, "unit", Summary.of(value));
	}

}
