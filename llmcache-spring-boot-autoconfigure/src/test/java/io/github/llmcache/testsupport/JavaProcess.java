package io.github.llmcache.testsupport;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A main class that runs in a JVM of its own, with the classpath of the tests. It is
 * killed when this is closed, and after {@value #MAX_MINUTES} minutes at the latest
 * unless it is to {@linkplain Builder#lasting last longer}: what waits for it or for what
 * it says never waits longer.
 */
public final class JavaProcess implements AutoCloseable {

	private static final long MAX_MINUTES = 2;

	/** What a process does that lives for seconds: it is not worth compiling twice. */
	private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

	/** Begins what a process says, and nothing that it logs. */
	private static final String MARK = "> ";

	private final Process process;

	private final BufferedReader output;

	private JavaProcess(Process process, Duration longest) {
		this.process = process;
		this.output = process.inputReader(StandardCharsets.UTF_8);
		process.onExit().orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS).whenComplete((ended, timeout) -> kill());
	}

	/**
	 * Prepare a process.
	 * @param main the class to run
	 * @return a builder of the process
	 */
	public static Builder of(Class<?> main) {
		return new Builder(main);
	}

	/**
	 * Say something to whoever has started this process, who can {@link #hear()} it once
	 * this returns, even if the process is killed then.
	 * @param line what to say
	 */
	public static void say(String line) {
		System.out.println(MARK + line);
		System.out.flush();
	}

	/**
	 * Wait for the next line that the process says, and skip what else it prints.
	 * @return the line, or {@code null} if the process has ended
	 */
	public @Nullable String hear() {
		try {
			String line = this.output.readLine();
			while (line != null && !line.startsWith(MARK)) {
				line = this.output.readLine();
			}
			return (line != null) ? line.substring(MARK.length()) : null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Wait for the end of the process.
	 * @return the lines that it has printed, errors included, and that have not been read
	 * yet
	 */
	public List<String> printed() {
		return this.output.lines().toList();
	}

	/**
	 * Return what a process has said.
	 * @param printed lines that it has printed
	 * @return those lines that it has said
	 */
	public static Stream<String> said(List<String> printed) {
		return printed.stream().filter((line) -> line.startsWith(MARK)).map((line) -> line.substring(MARK.length()));
	}

	/**
	 * Let the process read a byte from its standard input.
	 */
	public void nudge() {
		try {
			this.process.getOutputStream().write('\n');
			this.process.getOutputStream().flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Kill the process: it gets no chance to end anything in order. What it has said
	 * before can still be heard.
	 */
	public void kill() {
		// Not the process itself, which would close the stream with what it has said
		this.process.toHandle().destroyForcibly();
	}

	/**
	 * Wait for the end of the process. Its output must have been read before.
	 * @return its exit code
	 * @throws InterruptedException if the thread is interrupted
	 */
	public int waitFor() throws InterruptedException {
		return this.process.waitFor();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * Builds a process.
	 */
	public static final class Builder {

		private final Class<?> main;

		private final List<String> options = new ArrayList<>();

		private final Set<Jars> missing = EnumSet.noneOf(Jars.class);

		private final List<String> arguments = new ArrayList<>();

		private List<String> compiled = SHORT_LIVED;

		private Duration longest = Duration.ofMinutes(MAX_MINUTES);

		private Builder(Class<?> main) {
			this.main = main;
		}

		/**
		 * Add options of the JVM.
		 * @param options the options
		 * @return this builder
		 */
		public Builder options(String... options) {
			this.options.addAll(List.of(options));
			return this;
		}

		/**
		 * Run like an application: compiled as well as the JVM can, and with the garbage
		 * collector that it chooses.
		 * @param longest after which time the process is killed
		 * @return this builder
		 */
		public Builder lasting(Duration longest) {
			this.compiled = List.of();
			this.longest = longest;
			return this;
		}

		/**
		 * Leave out jars.
		 * @param jars what is not on the classpath
		 * @return this builder
		 */
		public Builder without(Collection<Jars> jars) {
			this.missing.addAll(jars);
			return this;
		}

		/**
		 * Add arguments of the main class.
		 * @param arguments the arguments
		 * @return this builder
		 */
		public Builder arguments(String... arguments) {
			this.arguments.addAll(List.of(arguments));
			return this;
		}

		/**
		 * Start the process.
		 * @return the process
		 */
		public JavaProcess start() {
			List<String> command = new ArrayList<>();
			command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
			command.addAll(this.compiled);
			command.addAll(this.options);
			command.addAll(List.of("-cp", classpath(), this.main.getName()));
			command.addAll(this.arguments);
			try {
				return new JavaProcess(new ProcessBuilder(command).redirectErrorStream(true).start(), this.longest);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private String classpath() {
			return String.join(File.pathSeparator,
					Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
						.filter((element) -> this.missing.stream()
							.noneMatch((jars) -> jars.contain(new File(element).getName())))
						.toList());
		}

	}

}
