package io.github.llmcache.cli.safetytooling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

import io.github.llmcache.cli.transfer.EntrySource;
import io.lettuce.core.RedisURI;

/**
 * Opens caches of safety-tooling.
 *
 * @see <a href="https://github.com/safety-research/safety-tooling">safety-tooling</a>
 */
public final class SafetyToolingSources {

	private SafetyToolingSources() {
	}

	/**
	 * Open a cache.
	 * @param location a folder with the library's files, one of those files, or a URL of
	 * Redis such as {@code redis://localhost:6379/0}
	 * @param options how it is imported
	 * @param clock tells the time of what has none of its own
	 * @return the source of its entries, which changes nothing in the cache. Of one
	 * question there can be several entries, each with other samples: the library keeps
	 * apart by their number what is one entry here
	 * @throws IOException if there is no such folder or file, or the texts of embeddings
	 * cannot be read
	 * @throws IllegalArgumentException if the URL is none, or nothing is known of the
	 * provider
	 */
	public static EntrySource open(String location, SafetyToolingOptions options, InstantSource clock)
			throws IOException {
		Home home = home(location, options, clock);
		return new SafetyToolingSource(home, ValueMapper.create(options));
	}

	private static RedisURI uri(String location) {
		try {
			return RedisURI.create(location);
		}
		catch (IllegalArgumentException ex) {
			// It is not the cause: its message quotes the URL, and with it the password
			throw new IllegalArgumentException("The URL has to be like redis://user:password@host:6379/0");
		}
	}

	private static Home home(String location, SafetyToolingOptions options, InstantSource clock) throws IOException {
		if (location.startsWith("redis://") || location.startsWith("rediss://")) {
			return new RedisKeys(uri(location), options.redisDirectory(), clock);
		}
		Path path = Path.of(location);
		if (!Files.isReadable(path)) {
			throw new IOException("There is no folder or file that can be read at " + location);
		}
		// Links below it are not followed, but it can be one itself
		return new Folder(path.toRealPath());
	}

}
