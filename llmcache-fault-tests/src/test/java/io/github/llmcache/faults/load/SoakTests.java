package io.github.llmcache.faults.load;

import java.nio.file.Path;
import java.time.Duration;

import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.faults.load.SoakSample.Kind;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that nothing grows and nothing is wrong while one process, and four on the same
 * directory, ask for long: a minute each, or as long as {@code -Dllmcache.soak} says.
 * What they measure is in {@code target/soak.md}.
 */
class SoakTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(ints = { 1, 4 })
	void nothingGrowsAndNothingIsWrong(int processes) throws Exception {
		SoakReport soak = Soak.run(this.directory, duration(), processes,
				System.getProperty("llmcache.soak.threads", "virtual"));
		soak.write(Path.of("target"));
		Survival
			.of(Area.LOAD,
					"SQLite: " + ((processes == 1) ? "1 process" : processes + " processes on one directory")
							+ ", 64 threads each, without a pause")
			.count("seconds", duration().toSeconds())
			.count("hits", soak.calls(Kind.HIT))
			.count("misses", soak.calls(Kind.MISS))
			.count("refreshes", soak.calls(Kind.REFRESH))
			.count("evicted", soak.evicted())
			.count("saves given up", soak.errors())
			.lost(soak.uncounted())
			.wrong(soak.wrong() + soak.problems().size())
			.thrown(soak.thrown())
			.record();
		assertThat(soak.wrong()).isZero();
		assertThat(soak.thrown()).isZero();
		assertThat(soak.problems()).isEmpty();
		assertThat(soak.uncounted()).as("hits that are not in the statistics").isZero();
		assertThat(soak.trends()).allSatisfy((trend) -> assertThat(trend.isFlat()).as(trend.toString()).isTrue());
	}

	private static Duration duration() {
		String duration = System.getProperty("llmcache.soak");
		return (duration != null) ? DurationStyle.detectAndParse(duration) : Duration.ofSeconds(Scale.of(60, 10));
	}

}
