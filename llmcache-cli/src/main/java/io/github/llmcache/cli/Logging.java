package io.github.llmcache.cli;

import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Keeps libraries quiet: what matters is said in one line by the command itself.
 */
final class Logging {

	/** Held, for others hold loggers weakly. */
	private final Logger root = Logger.getLogger("");

	/**
	 * Set up logging.
	 * @param debug whether warnings are shown, on the standard error
	 */
	void setUp(boolean debug) {
		LogManager.getLogManager().reset();
		this.root.setLevel(debug ? Level.WARNING : Level.OFF);
		if (debug) {
			Handler handler = new ConsoleHandler();
			handler.setLevel(Level.WARNING);
			this.root.addHandler(handler);
		}
	}

}
