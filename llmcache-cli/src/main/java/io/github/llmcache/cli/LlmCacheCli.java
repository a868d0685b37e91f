package io.github.llmcache.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line of llmcache.
 */
@Command(name = "llmcache", description = "Looks into caches of llmcache, and moves them.",
		mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class LlmCacheCli {

	private LlmCacheCli() {
	}

	public static void main(String[] args) {
		System.exit(new CommandLine(new LlmCacheCli()).execute(args));
	}

}
