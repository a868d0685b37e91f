package io.github.llmcache.cli;

import picocli.CommandLine.Option;

/**
 * Options that say in which form a result is wanted.
 */
final class OutputOptions {

	@Option(names = "--json", description = "Print one JSON object, for programs")
	private boolean json;

	boolean json() {
		return this.json;
	}

}
