package io.github.llmcache.cli;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.encryption.EncryptionKey;
import org.jspecify.annotations.Nullable;
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
		try (OpenStore open = this.store.openExisting(this.clock, decrypts())) {
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
	 * Return whether the command sees entries as applications do, for which it needs the
	 * key of an encrypted cache.
	 */
	boolean decrypts() {
		return true;
	}

	/**
	 * Return the key of the cache, if it is given.
	 */
	final @Nullable EncryptionKey key() {
		return this.store.key();
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
