package io.github.llmcache.cli;

import java.util.List;

import io.github.llmcache.cli.transfer.SkippedEntries;

/**
 * Tells what was skipped, a line for each reason.
 */
final class SkippedLines {

	private final Terminal terminal;

	SkippedLines(Terminal terminal) {
		this.terminal = terminal;
	}

	/**
	 * Tell what was skipped, where nobody takes it for a result.
	 * @param what what has become of it
	 * @param skipped what was skipped
	 */
	void print(String what, List<SkippedEntries> skipped) {
		for (SkippedEntries reason : skipped) {
			boolean more = reason.count() > reason.examples().size();
			this.terminal.warn(Readable.number(reason.count()) + " " + what + ": " + reason.reason() + " ("
					+ String.join(", ", reason.examples()) + (more ? ", \u2026" : "") + ")");
		}
	}

}
