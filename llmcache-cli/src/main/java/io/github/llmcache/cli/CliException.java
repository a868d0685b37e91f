package io.github.llmcache.cli;

import org.jspecify.annotations.Nullable;

/**
 * Ends a command with one line that says why.
 */
final class CliException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int exitCode;

	/**
	 * Create an exception of a command that failed.
	 * @param message what is wrong and what to do about it, in one line
	 */
	CliException(String message) {
		this(message, ExitCode.FAILURE, null);
	}

	/**
	 * Create an exception.
	 * @param message what is wrong and what to do about it, in one line
	 * @param exitCode what the process ends with
	 * @param cause why, or {@code null}
	 */
	CliException(String message, int exitCode, @Nullable Throwable cause) {
		super(message, cause);
		this.exitCode = exitCode;
	}

	/**
	 * Create an exception of a command line that makes no sense.
	 */
	static CliException usage(String message) {
		return new CliException(message, ExitCode.USAGE, null);
	}

	int exitCode() {
		return this.exitCode;
	}

}
