package io.github.llmcache.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

import io.github.llmcache.InferenceException;
import io.github.llmcache.cache.CacheStoreException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says in one line why a command has failed.
 */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

	private final Terminal terminal;

	private final boolean debug;

	/**
	 * Create an instance.
	 * @param terminal where it is said
	 * @param debug whether stack traces are shown as well
	 */
	Failures(Terminal terminal, boolean debug) {
		this.terminal = terminal;
		this.debug = debug;
	}

	@Override
	public int handleParseException(ParameterException failure, String[] args) {
		CommandLine command = failure.getCommandLine();
		String suggestion = suggestion(failure);
		fail(message(failure) + suggestion + " (see '" + command.getCommandSpec().qualifiedName() + " --help')",
				failure);
		return ExitCode.USAGE;
	}

	private static String suggestion(ParameterException failure) {
		if (failure instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty()) {
			return ". Did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
		}
		return "";
	}

	@Override
	public int handleExecutionException(Exception failure, CommandLine command, @Nullable ParseResult parsed) {
		if (failure instanceof CliException known) {
			fail(message(known), known);
			return known.exitCode();
		}
		if (failure instanceof IllegalArgumentException) {
			fail(message(failure), failure);
			return ExitCode.USAGE;
		}
		fail(describe(failure), failure);
		return ExitCode.FAILURE;
	}

	/**
	 * Say that there was not enough memory or that a library is missing.
	 */
	int handle(Error failure) {
		fail((failure instanceof OutOfMemoryError) ? "There is not enough memory. Give Java more with -Xmx"
				: failure.toString(), failure);
		return ExitCode.FAILURE;
	}

	void fail(String message, Throwable failure) {
		this.terminal.error(message);
		if (this.debug) {
			this.terminal.stackTrace(failure);
		}
	}

	static String describe(Exception failure) {
		if (failure instanceof CacheStoreException) {
			return forCommandLine(message(failure));
		}
		if (failure instanceof NoSuchFileException) {
			return "There is no file " + message(failure);
		}
		if (failure instanceof AccessDeniedException) {
			return "Not allowed: " + message(failure);
		}
		if (failure instanceof IOException || failure instanceof InferenceException) {
			return message(failure);
		}
		return "Unexpected: " + failure.getClass().getSimpleName()
				+ ((failure.getMessage() != null) ? ": " + failure.getMessage() : "") + " (--debug shows where)";
	}

	/**
	 * Stores tell applications which property to correct.
	 */
	private static String forCommandLine(String message) {
		return message.replace("the properties spring.data.redis.*", "--redis-url")
			.replace(" (llmcache.redis.command-timeout)", "")
			.replace("llmcache.directory", "--directory")
			.replace("llmcache.backend", "--backend");
	}

	private static String message(Exception failure) {
		String message = failure.getMessage();
		return (message != null) ? message : failure.getClass().getSimpleName();
	}

}
