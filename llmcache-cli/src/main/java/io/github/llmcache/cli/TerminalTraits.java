package io.github.llmcache.cli;

/**
 * What somebody is looking at.
 *
 * @param interactive whether somebody can answer
 * @param outputShown whether the output is shown rather than read by a program
 * @param errorsShown whether errors are
 * @param coloured whether colours are wanted where something is shown
 * @param width the characters of a line
 */
record TerminalTraits(boolean interactive, boolean outputShown, boolean errorsShown, boolean coloured, int width) {

	/** The width where no line ends on its own. */
	static final int UNLIMITED = Integer.MAX_VALUE;

	/** Nobody looks: everything goes to programs and files. */
	static final TerminalTraits NONE = new TerminalTraits(false, false, false, false, UNLIMITED);

}
