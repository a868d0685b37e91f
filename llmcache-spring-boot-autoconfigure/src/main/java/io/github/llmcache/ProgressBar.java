package io.github.llmcache;

import java.io.Console;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Shows on a console how a call with many requests gets on: a bar that redraws itself in
 * place on a terminal, and a line for each quarter elsewhere, such as in the log of a CI
 * server. Used by one thread.
 */
public final class ProgressBar implements Progress, AutoCloseable {

	private static final int WIDTH = 30;

	private static final Duration REDRAW_INTERVAL = Duration.ofMillis(50);

	private final PrintStream out;

	private final boolean terminal;

	private final String name;

	private final CompletionRate rate = new CompletionRate();

	private int length;

	private int quarters;

	private Duration drawn = REDRAW_INTERVAL.negated();

	/**
	 * Create a bar.
	 * @param out where it is shown
	 * @param terminal whether that can go back to the start of a line
	 * @param name what the bar begins with
	 */
	public ProgressBar(PrintStream out, boolean terminal, String name) {
		this.out = out;
		this.terminal = terminal;
		this.name = name;
	}

	/**
	 * Create a bar on the standard output.
	 * @param name what the bar begins with
	 * @return the bar, to be closed
	 */
	public static ProgressBar onStandardOutput(String name) {
		return new ProgressBar(System.out, isTerminal(System.console()), name);
	}

	private static boolean isTerminal(@Nullable Console console) {
		if (console == null) {
			return false;
		}
		try {
			// Since JDK 22, which may return a console that is no terminal
			return (boolean) Console.class.getMethod("isTerminal").invoke(console);
		}
		catch (ReflectiveOperationException ex) {
			return true;
		}
	}

	@Override
	public void update(Update update) {
		this.rate.add(update);
		boolean done = update.completed() >= update.total();
		if (this.terminal) {
			if (done || update.elapsed().minus(this.drawn).compareTo(REDRAW_INTERVAL) >= 0) {
				redraw(line(bar(update), update));
				this.drawn = update.elapsed();
			}
			return;
		}
		int quarters = done ? 4 : (int) (4L * update.completed() / update.total());
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
		String failures = (update.failures() > 0) ? ", " + number(update.failures()) + " failed" : "";
		return "  %s  %s  %s/%s  %s hits, %s misses%s  spent %s, saved %s  %s".formatted(this.name, state,
				number(update.completed()), number(update.total()), number(update.hits()), number(update.misses()),
				failures, dollars(update.spent()), dollars(update.saved()), pace(update));
	}

	private String pace(Update update) {
		if (update.completed() >= update.total()) {
			return "in " + time(update.elapsed());
		}
		double perSecond = this.rate.perSecond();
		if (perSecond <= 0) {
			return "-/s";
		}
		int left = update.total() - update.completed();
		String rate = String.format(Locale.US, (perSecond < 10) ? "%.1f/s" : "%,.0f/s", perSecond);
		return rate + ", " + time(Duration.ofSeconds(Math.round(left / perSecond))) + " left";
	}

	private static String bar(Update update) {
		int filled = (update.total() > 0) ? (int) ((long) WIDTH * update.completed() / update.total()) : WIDTH;
		return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "]";
	}

	private static String number(int number) {
		return String.format(Locale.US, "%,d", number);
	}

	private static String dollars(BigDecimal dollars) {
		return String.format(Locale.US, "$%,.4f", dollars);
	}

	private static String time(Duration time) {
		if (time.toHours() > 0) {
			return "%d h %02d min".formatted(time.toHours(), time.toMinutesPart());
		}
		return (time.toMinutes() > 0) ? "%d min %02d s".formatted(time.toMinutes(), time.toSecondsPart())
				: String.format(Locale.US, "%.1f s", time.toMillis() / 1000.0);
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
