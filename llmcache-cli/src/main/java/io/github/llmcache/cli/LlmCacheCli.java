package io.github.llmcache.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import org.springframework.util.unit.DataSize;

/**
 * The command line of llmcache.
 */
@Command(name = "llmcache", description = "Looks into caches of llmcache, and moves them.",
		mixinStandardHelpOptions = true, scope = ScopeType.INHERIT, versionProvider = Version.class,
		synopsisSubcommandLabel = "COMMAND", sortOptions = false, usageHelpAutoWidth = true)
final class LlmCacheCli {

	@Option(names = "--debug", scope = ScopeType.INHERIT,
			description = "Show warnings of libraries, and where something failed. Also: LLMCACHE_DEBUG=1")
	private boolean debug;

	private LlmCacheCli() {
	}

	public static void main(String[] args) {
		UnaryOperator<@Nullable String> environment = System::getenv;
		Terminal terminal = new Terminal(System.in, new FileOutputStream(FileDescriptor.out),
				new FileOutputStream(FileDescriptor.err), new TerminalDetection(environment).detect(), charset());
		// After Ctrl-C the prompt of the shell is on a line of its own
		Runtime.getRuntime().addShutdownHook(new Thread(terminal::leaveLine, "llmcache-leave-line"));
		System.exit(run(terminal, Clock.systemUTC(), environment, args));
	}

	/**
	 * Return what the terminal shows: JDK 17 knows it by another name than later ones.
	 */
	private static Charset charset() {
		String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
		return (name != null && Charset.isSupported(name)) ? Charset.forName(name) : Charset.defaultCharset();
	}

	/**
	 * Run a command.
	 * @param terminal what it says and asks
	 * @param clock the clock
	 * @param environment gives the values of environment variables, or {@code null}
	 * @param args the command line
	 * @return the {@link ExitCode}
	 */
	static int run(Terminal terminal, Clock clock, UnaryOperator<@Nullable String> environment, String... args) {
		String variable = environment.apply("LLMCACHE_DEBUG");
		boolean debug = Arrays.asList(args).contains("--debug")
				|| variable != null && List.of("1", "true").contains(variable.toLowerCase(Locale.ROOT));
		new Logging().setUp(debug);
		Failures failures = new Failures(terminal, debug);
		int exitCode;
		try {
			exitCode = commandLine(terminal, clock, environment, failures).execute(args);
		}
		catch (OutOfMemoryError | LinkageError | StackOverflowError ex) {
			exitCode = failures.handle(ex);
		}
		IOException failure = terminal.flush();
		if (failure == null || isClosedPipe(failure)) {
			return exitCode;
		}
		failures.fail("The output cannot be written: " + failure.getMessage(), failure);
		return ExitCode.FAILURE;
	}

	private static CommandLine commandLine(Terminal terminal, Clock clock, UnaryOperator<@Nullable String> environment,
			Failures failures) {
		CommandLine commandLine = new CommandLine(new LlmCacheCli());
		addCommands(commandLine, terminal, clock);
		// After the commands, to which all of this is passed on
		return commandLine.registerConverter(Duration.class, new DurationConverter())
			.registerConverter(DataSize.class, DataSize::parse)
			.setCaseInsensitiveEnumValuesAllowed(true)
			.setAbbreviatedOptionsAllowed(false)
			.setDefaultValueProvider(new EnvironmentDefaults(environment))
			.setColorScheme(Help.defaultColorScheme(
					(terminal.traits().outputShown() && terminal.traits().coloured()) ? Ansi.ON : Ansi.OFF))
			.setOut(terminal.outWriter())
			.setErr(terminal.errWriter())
			.setParameterExceptionHandler(failures)
			.setExecutionExceptionHandler(failures);
	}

	private static void addCommands(CommandLine commandLine, Terminal terminal, Clock clock) {
		commandLine.addSubcommand(new StatsCommand(terminal, clock))
			.addSubcommand(new ListCommand(terminal, clock))
			.addSubcommand(new ShowCommand(terminal, clock))
			.addSubcommand(new ExplainCommand(terminal, clock))
			.addSubcommand(new ExportCommand(terminal, clock))
			.addSubcommand(new ImportCommand(terminal, clock))
			.addSubcommand(new PruneCommand(terminal, clock))
			.addSubcommand(new VerifyCommand(terminal, clock))
			.addSubcommand(new ReencryptCommand(terminal, clock))
			.addSubcommand(new GenerateCompletion());
	}

	/**
	 * Whoever reads the output has seen enough.
	 */
	private static boolean isClosedPipe(IOException failure) {
		String message = failure.getMessage();
		return message != null && (message.contains("Broken pipe") || message.contains("pipe is being closed"));
	}

}
