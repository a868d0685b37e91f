package io.github.llmcache.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProgressLineTests {

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	private Instant now = TestCache.NOW;

	private ProgressLine line(TerminalTraits traits) {
		Terminal terminal = new Terminal(InputStream.nullInputStream(), this.out, this.err, traits,
				StandardCharsets.UTF_8);
		return new ProgressLine(terminal, () -> this.now, "Reading", Readable::number);
	}

	private void update(ProgressLine line, long millis, long done, long total) {
		this.now = TestCache.NOW.plusMillis(millis);
		line.update(done, total);
	}

	@Test
	void tellsHowLongItTakes() {
		ProgressLine line = line(CommandRun.SHOWN);
		update(line, 500, 1000, 10_000);
		update(line, 510, 1001, 10_000);
		update(line, 2000, 5000, 10_000);
		assertThat(err().split("\r")).containsExactly("", "Reading  [##----------------------]  10 %  1,000 of 10,000",
				"Reading  [############------------]  50 %  5,000 of 10,000  2,500/s, 2 s left");
		line.close();
		assertThat(err()).endsWith("\r" + " ".repeat(77) + "\r");
		assertThat(this.out.size()).isZero();
	}

	private String err() {
		return this.err.toString(StandardCharsets.UTF_8);
	}

	@Test
	void fitsTheTerminalAndTakesWhatIsWrong() {
		ProgressLine line = line(new TerminalTraits(true, true, true, false, 40));
		update(line, 2000, 5000, 10_000);
		update(line, 4000, 20_000, 10_000);
		update(line, 6000, Long.MAX_VALUE, 1);
		update(line, 1000, 0, 0);
		assertThat(err().split("\r")).allSatisfy((drawn) -> assertThat(drawn.length()).isLessThan(40)).hasSize(4);
	}

	@Test
	void isQuietWhereNobodyLooks() {
		try (ProgressLine line = line(new TerminalTraits(false, true, false, true, 80))) {
			update(line, Duration.ofMinutes(1).toMillis(), 1, 2);
		}
		assertThat(this.err.size()).isZero();
	}

}
