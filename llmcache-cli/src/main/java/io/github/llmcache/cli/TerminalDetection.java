package io.github.llmcache.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Finds out what somebody is looking at.
 */
final class TerminalDetection {

	private static final int DEFAULT_WIDTH = 80;

	private static final int NARROWEST = 40;

	private final UnaryOperator<@Nullable String> environment;

	TerminalDetection(UnaryOperator<@Nullable String> environment) {
		this.environment = environment;
	}

	TerminalTraits detect() {
		boolean console = isTerminal(System.console());
		boolean output = isTerminal(1, console);
		boolean errors = isTerminal(2, console);
		boolean dumb = "dumb".equals(this.environment.apply("TERM"));
		return new TerminalTraits(isTerminal(0, console) && errors, output, errors && !dumb,
				!dumb && isEmpty(this.environment.apply("NO_COLOR")),
				(output || errors) ? width() : TerminalTraits.UNLIMITED);
	}

	/**
	 * The console tells only whether input and output both are terminals, and Linux of
	 * each: progress is shown while the output goes to a file.
	 */
	private static boolean isTerminal(int descriptor, boolean console) {
		try {
			String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
			return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
		}
		catch (IOException | UnsupportedOperationException ex) {
			return console;
		}
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

	private static boolean isEmpty(@Nullable String value) {
		return value == null || value.isEmpty();
	}

	private int width() {
		int width = parse(this.environment.apply("COLUMNS"));
		if (width <= 0) {
			width = askTerminal();
		}
		return (width > 0) ? Math.max(width, NARROWEST) : DEFAULT_WIDTH;
	}

	/**
	 * Shells know the width, but do not pass it on.
	 */
	private static int askTerminal() {
		try {
			Process stty = new ProcessBuilder("stty", "size", "-F", "/dev/tty")
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			try (InputStream output = stty.getInputStream()) {
				String[] size = new String(output.readNBytes(32), StandardCharsets.US_ASCII).strip().split(" ");
				return (size.length == 2) ? parse(size[1]) : 0;
			}
			finally {
				stty.destroy();
			}
		}
		catch (IOException ex) {
			return 0;
		}
	}

	private static int parse(@Nullable String columns) {
		try {
			return (columns != null) ? Integer.parseInt(columns.strip()) : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
