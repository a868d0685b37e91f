package io.github.llmcache.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.LongFunction;

/**
 * Shows how far long work has got, in one line of the standard error, if somebody looks
 * at it. The line is gone when the work is done. Used by one thread.
 */
final class ProgressLine implements AutoCloseable {

	private static final int WIDTH = 24;

	private static final Duration REDRAW_INTERVAL = Duration.ofMillis(100);

	/** Earlier, a rate says nothing of what is to come. */
	private static final Duration RATE_AFTER = Duration.ofSeconds(1);

	private final Terminal terminal;

	private final InstantSource clock;

	private final String name;

	private final LongFunction<String> unit;

	private final Instant start;

	private Instant drawn;

	private int length;

	/**
	 * Create a line.
	 * @param terminal where it is shown
	 * @param clock the clock
	 * @param name what is done, such as {@code Verifying}
	 * @param unit how what is done is counted, such as {@link Readable#number}
	 */
	ProgressLine(Terminal terminal, InstantSource clock, String name, LongFunction<String> unit) {
		this.terminal = terminal;
		this.clock = clock;
		this.name = name;
		this.unit = unit;
		this.start = clock.instant();
		this.drawn = this.start;
	}

	/**
	 * Tell how far the work has got.
	 * @param done how much is done
	 * @param total how much there is to do, or 0 if that is not known
	 */
	void update(long done, long total) {
		if (!this.terminal.traits().errorsShown()) {
			return;
		}
		Instant now = this.clock.instant();
		if (Duration.between(this.drawn, now).compareTo(REDRAW_INTERVAL) >= 0) {
			this.drawn = now;
			draw(line(done, total, Duration.between(this.start, now)));
		}
	}

	private void draw(String line) {
		int width = this.terminal.traits().width() - 1;
		String fitting = (line.length() > width) ? line.substring(0, width) : line;
		// Spaces cover what is left of a longer line
		this.terminal.draw(fitting + " ".repeat(Math.max(0, this.length - fitting.length())));
		this.length = fitting.length();
	}

	private String line(long done, long total, Duration elapsed) {
		double perSecond = done * 1000.0 / Math.max(1, elapsed.toMillis());
		boolean known = elapsed.compareTo(RATE_AFTER) >= 0 && perSecond >= 1;
		String rate = known ? "  " + this.unit.apply((long) perSecond) + "/s" : "";
		if (total <= 0) {
			return this.name + "  " + this.unit.apply(done) + rate;
		}
		double part = Math.min(1, (double) done / total);
		int filled = (int) (WIDTH * part);
		String left = known ? ", " + Readable.time(Duration.ofSeconds((long) ((total - done) / perSecond))) + " left"
				: "";
		return String.format(Locale.ROOT, "%s  [%s%s] %3.0f %%  %s of %s%s%s", this.name, "#".repeat(filled),
				"-".repeat(WIDTH - filled), Math.floor(100 * part), this.unit.apply(done), this.unit.apply(total), rate,
				(done < total) ? left : "");
	}

	/**
	 * Take the line away.
	 */
	@Override
	public void close() {
		if (this.length > 0) {
			draw("");
			this.terminal.draw("");
			this.length = 0;
		}
	}

}
