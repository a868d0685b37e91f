package io.github.llmcache.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cli.safetytooling.KnownResponses;
import io.github.llmcache.cli.safetytooling.SafetyToolingOptions;
import io.github.llmcache.cli.safetytooling.SafetyToolingSources;
import io.github.llmcache.cli.transfer.EntryImport;
import io.github.llmcache.cli.transfer.EntrySink;
import io.github.llmcache.cli.transfer.EntrySource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options of the import of another library's cache.
 */
final class LibraryOptions {

	@Option(names = "--from", paramLabel = "LIBRARY",
			description = "Import caches of this library, from folders, files or URLs of Redis: "
					+ "${COMPLETION-CANDIDATES}")
	private @Nullable Library from;

	@Option(names = "--provider", paramLabel = "NAME",
			description = "With --from: the provider of models whose id does not say whose they are")
	private @Nullable String provider;

	@Option(names = "--redis-dir", paramLabel = "DIR",
			description = "With --from: the cache directory that keys in Redis begin with. Default: all")
	private @Nullable String redisDirectory;

	@Option(names = "--embedding-texts", paramLabel = "FILE",
			description = "With --from: JSON Lines of model, texts and dimensions, for embeddings")
	private @Nullable Path embeddingTexts;

	@Option(names = "--refusals", description = "With --from: filtered answers and refusals as well")
	private boolean refusals;

	/**
	 * Return whether another library's cache is imported. Of one question it can have
	 * several entries, which have to be added to each other.
	 */
	boolean isGiven() {
		return this.from != null;
	}

	/**
	 * Open a cache of the library.
	 * @param location where it is
	 * @param namespace the namespace of its entries, or {@code null} for none
	 * @param clock the clock
	 * @return the source of its entries
	 * @throws IOException if it cannot be read, or an option makes no sense
	 */
	EntrySource open(String location, @Nullable String namespace, InstantSource clock) throws IOException {
		try {
			return SafetyToolingSources.open(location, new SafetyToolingOptions((namespace != null) ? namespace : "",
					this.provider, this.redisDirectory, this.embeddingTexts, this.refusals), clock);
		}
		catch (IllegalArgumentException ex) {
			throw new IOException(ex.getMessage(), ex);
		}
	}

	/**
	 * Return what is given the entries of the library.
	 * @param store the store that they get into
	 * @param sink puts them there
	 * @return the sink, which recognizes what was imported before
	 */
	EntrySink recognizing(CacheStore store, EntryImport sink) {
		return isGiven() ? new KnownResponses(store, sink, sink::settle) : sink;
	}

	/**
	 * A library.
	 */
	enum Library {

		/** The Python library. */
		SAFETY_TOOLING;

		/**
		 * Return the name as it is typed.
		 */
		@Override
		public String toString() {
			return "safety-tooling";
		}

	}

}
