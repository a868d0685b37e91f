package io.github.llmcache.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.benchmarks.harness.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class MainTests {

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream notes = new ByteArrayOutputStream();

	@Test
	void unknownBenchmarkIsAnErrorThatNamesTheKnownOnes() throws Exception {
		assertThat(run("nonsense")).isEqualTo(2);
		assertThat(this.notes.toString(StandardCharsets.UTF_8)).contains("nonsense")
			.contains("typical")
			.contains("all");
		assertThat(this.out.size()).isZero();
	}

	@Test
	void helpNamesEveryBenchmark() throws Exception {
		assertThat(run("--help")).isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains(Main.benchmarks().keySet());
	}

	@Test
	void hotMeasuresMemoryBesideSqlite(@TempDir Path directory) throws Exception {
		List<Result> results = new Hot().run(new Context(500, false, 42, directory, (note) -> {
		}));
		assertThat(results).extracting(Result::variant).contains("llmcache", "llmcache (memory)", "caffeine");
		assertThat(results).allSatisfy((result) -> assertThat(result.summary().min()).isPositive());
	}

	@Test
	void typicalMeasuresAllContenders(@TempDir Path directory) throws Exception {
		List<String> notes = new ArrayList<>();
		List<Result> results = new Typical().run(new Context(500, false, 42, directory, notes::add));
		assertThat(results).filteredOn((result) -> result.benchmark().equals("typical"))
			.extracting(Result::variant, Result::threads)
			.hasSize(16)
			.doesNotHaveDuplicates();
		assertThat(results).extracting(Result::variant)
			.contains("llmcache", "llmcache (lookup)", "floor", "rocksdb", "mvstore", "ehcache disk", "file an entry",
					"caffeine");
		assertThat(results).allSatisfy((result) -> assertThat(result.summary().min()).isPositive());
		assertThat(notes).anyMatch((note) -> note.contains("times smaller"));
	}

	@Test
	void backendsMeasuresEachBackendBesideCacheable(@TempDir Path directory) throws Exception {
		List<Result> results = new Backends().run(new Context(500, false, 42, directory, (note) -> {
		}));
		assertThat(results).extracting(Result::variant)
			.contains("llmcache", "llmcache (file)", "llmcache (redis)", "@Cacheable (redis)", "@Cacheable (caffeine)");
		assertThat(results).allSatisfy((result) -> assertThat(result.summary().min()).isPositive());
	}

	private int run(String... args) throws Exception {
		try (PrintStream out = new PrintStream(this.out, true, StandardCharsets.UTF_8);
				PrintStream notes = new PrintStream(this.notes, true, StandardCharsets.UTF_8)) {
			return Main.run(out, notes, args);
		}
	}

}
