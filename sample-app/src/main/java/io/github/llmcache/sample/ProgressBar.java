package io.github.llmcache.sample;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Duration;

import io.github.llmcache.Progress;

/**
 * A progress bar that redraws itself in place on a terminal, and is a line for each
 * quarter elsewhere. Used by one thread.
 */
class ProgressBar implements Progress, AutoCloseable {

	private static final int WIDTH = 30;

	private static final Duration REDRAW_INTERVAL = Duration.ofMillis(50);

	private final PrintStream out;

	private final boolean terminal;

	private final String name;

	private int length;

	private int quarters;

	private Duration drawn = REDRAW_INTERVAL.negated();

	ProgressBar(PrintStream out, boolean terminal, String name) {
		this.out = out;
		this.terminal = terminal;
		this.name = name;
	}

	@Override
	public void update(Update update) {
		boolean done = update.completed() >= update.total();
		if (this.terminal) {
			if (done || update.elapsed().minus(this.drawn).compareTo(REDRAW_INTERVAL) >= 0) {
				redraw(line(bar(update), update));
				this.drawn = update.elapsed();
			}
			return;
		}
		int quarters = done ? 4 : 4 * update.completed() / update.total();
		if (quarters > this.quarters) {
			this.quarters = quarters;
			this.out.println(line("%3d %%".formatted(25 * quarters), update));
		}
	}

	private void redraw(String line) {
		// Spaces cover what is left of a longer line
		this.out.print("\r" + line + " ".repeat(Math.max(0, this.length - line.length())));
		this.out.flush();
		this.length = line.length();
	}

	private String line(String state, Update update) {
		String failures = (update.failures() > 0) ? ", " + Format.number(update.failures()) + " failed" : "";
		return "  %s  %s  %s/%s%s  %s%s".formatted(this.name, state, Format.number(update.completed()),
				Format.number(update.total()), failures, money(update.spent(), "spent"),
				money(update.saved(), ", saved"));
	}

	private static String money(BigDecimal dollars, String what) {
		return what + " " + Format.dollars(dollars);
	}

	private static String bar(Update update) {
		int filled = (update.total() > 0) ? WIDTH * update.completed() / update.total() : WIDTH;
		return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "]";
	}

	/**
	 * Leave the line of the bar.
	 */
	@Override
	public void close() {
		if (this.length > 0) {
			this.out.println();
			this.length = 0;
		}
	}

}
