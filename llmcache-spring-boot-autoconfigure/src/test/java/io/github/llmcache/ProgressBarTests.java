package io.github.llmcache;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.llmcache.Progress.Update;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProgressBarTests {

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private final PrintStream out = new PrintStream(this.bytes, true, StandardCharsets.UTF_8);

	@Test
	void redrawsInPlaceOnATerminal() {
		try (ProgressBar bar = new ProgressBar(this.out, true, "run 1")) {
			bar.update(update(100, 240, 0, 1000));
			bar.update(update(240, 240, 0, 2000));
		}
		assertThat(output()).isEqualTo(
				"""
						\r  run 1  [############------------------]  100/240  0 hits, 100 misses  spent $0.0100, saved $0.0000  -/s\
						\r  run 1  [##############################]  240/240  0 hits, 240 misses  spent $0.0240, saved $0.0000  in 2.0 s
						""");
	}

	@Test
	void coversALongerLineWithSpaces() {
		try (ProgressBar bar = new ProgressBar(this.out, true, "run 1")) {
			bar.update(update(100, 240, 7, 1000));
			bar.update(update(240, 240, 0, 2000));
		}
		String[] lines = output().stripTrailing().split("\r");
		assertThat(lines[1]).contains("100/240  0 hits, 93 misses, 7 failed  spent");
		assertThat(output().replace("\n", "").split("\r")[2]).hasSameSizeAs(lines[1]).endsWith("    ");
	}

	@Test
	void redrawsNotMoreOftenThanOneCanSee() {
		try (ProgressBar bar = new ProgressBar(this.out, true, "run 1")) {
			for (int completed = 1; completed <= 1000; completed++) {
				bar.update(update(completed, 1000, 0, 1000 + completed / 10));
			}
		}
		assertThat(output().chars().filter((character) -> character == '\r').count()).isBetween(2L, 4L);
		assertThat(output()).contains("1,000/1,000");
	}

	@Test
	void writesALineForEachQuarterElsewhere() {
		try (ProgressBar bar = new ProgressBar(this.out, false, "run 1")) {
			for (int completed = 0; completed <= 240; completed++) {
				bar.update(update(completed, 240, 0, completed));
			}
		}
		assertThat(output()).isEqualTo("""
				  run 1   25 %  60/240  0 hits, 60 misses  spent $0.0060, saved $0.0000  1,000/s, 0.0 s left
				  run 1   50 %  120/240  0 hits, 120 misses  spent $0.0120, saved $0.0000  1,000/s, 0.0 s left
				  run 1   75 %  180/240  0 hits, 180 misses  spent $0.0180, saved $0.0000  1,000/s, 0.0 s left
				  run 1  100 %  240/240  0 hits, 240 misses  spent $0.0240, saved $0.0000  in 0.2 s
				""");
	}

	@Test
	void writesOneLineElsewhereIfAllIsDoneAtOnce() {
		try (ProgressBar bar = new ProgressBar(this.out, false, "run 2")) {
			bar.update(update(240, 240, 0, 5));
			bar.update(update(240, 240, 0, 5));
		}
		assertThat(output())
			.isEqualTo("  run 2  100 %  240/240  0 hits, 240 misses  spent $0.0240, saved $0.0000  in 0.0 s\n");
	}

	@Test
	void isFullIfThereIsNothingToDo() {
		try (ProgressBar bar = new ProgressBar(this.out, true, "run 1")) {
			bar.update(update(0, 0, 0, 0));
		}
		assertThat(output()).contains("[##############################]  0/0");
	}

	@Test
	void tellsTheTimeLeftByWhatHappenedLately() {
		try (ProgressBar bar = new ProgressBar(this.out, true, "run 1")) {
			// Five thousand hits at once, then one request a second
			bar.update(update(5_000, 10_000, 0, 100));
			for (int second = 1; second <= 60; second++) {
				bar.update(update(5_000 + second, 10_000, 0, 100 + 1000 * second));
			}
		}
		assertThat(output()).endsWith("  1.0/s, 1 h 22 min left\n");
	}

	private static Update update(int completed, int total, int failures, int milliseconds) {
		return new Update(total, completed, 0, completed - failures, failures, BigDecimal.valueOf(completed, 4),
				BigDecimal.ZERO, Duration.ofMillis(milliseconds));
	}

	private String output() {
		return this.bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
	}

}
