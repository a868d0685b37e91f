package io.github.llmcache.cli.transfer;

/**
 * A line is no entry. The message says why, alike for all lines of which the same is
 * wrong, and nothing of what the line says.
 */
final class BrokenLineException extends Exception {

	private static final long serialVersionUID = 1L;

	BrokenLineException(String reason) {
		// There may be millions of them, and nobody asks where they come from
		super(reason, null, false, false);
	}

	String reason() {
		return String.valueOf(getMessage());
	}

}
