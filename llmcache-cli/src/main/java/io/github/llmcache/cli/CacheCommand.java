package io.github.llmcache.cli;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;

import io.github.llmcache.cache.CacheStore;
import picocli.CommandLine.Mixin;

/**
 * A command on a cache that exists.
 */
abstract class CacheCommand implements Callable<Integer> {

	@Mixin
	private final StoreOptions store = new StoreOptions();

	@Mixin
	private final OutputOptions output = new OutputOptions();

	private final Terminal terminal;

	private final Clock clock;

	CacheCommand(Terminal terminal, Clock clock) {
		this.terminal = terminal;
		this.clock = clock;
	}

	@Override
	public final Integer call() throws IOException {
		check();
		try (OpenStore open = this.store.openExisting(this.clock)) {
			return run(open.store());
		}
	}

	/**
	 * Check what the command line says before the cache is opened.
	 * @throws CliException if it makes no sense
	 */
	void check() {
		// Nothing by default
	}

	/**
	 * Run the command.
	 * @param store the cache
	 * @return the {@link ExitCode}
	 * @throws IOException if a file cannot be written
	 */
	abstract int run(CacheStore store) throws IOException;

	final Terminal terminal() {
		return this.terminal;
	}

	final Clock clock() {
		return this.clock;
	}

	final boolean json() {
		return this.output.json();
	}

	/**
	 * Return where the cache is, for people.
	 */
	final String location() {
		return this.store.description();
	}

	/**
	 * Return the largest entry that is read.
	 */
	final long maxEntrySize() {
		return this.store.maxEntrySize();
	}

}
