package io.github.llmcache.cli;

/**
 * What the process ends with, for scripts.
 */
final class ExitCode {

	/** All is done. */
	static final int OK = 0;

	/** The store, a file or the answer to a question did not allow it. */
	static final int FAILURE = 1;

	/** The command line makes no sense; what picocli itself ends with. */
	static final int USAGE = 2;

	/** Finished, but something was skipped, is damaged or cannot be read. */
	static final int INCOMPLETE = 3;

	/** The request would not be answered from the cache. */
	static final int MISS = 4;

	private ExitCode() {
	}

}
