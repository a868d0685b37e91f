package io.github.llmcache.faults;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.encryption.EncryptionKey;
import io.github.llmcache.cache.encryption.Reencryption;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;

import static io.github.llmcache.testsupport.JavaProcess.say;

/**
 * A process that encrypts a cache with another key, and may be killed.
 */
public final class EncryptingProcess {

	static final int MAX_SIZE = 1024 * 1024;

	private EncryptingProcess() {
	}

	/**
	 * Encrypt a cache. The arguments are the backend, the directory, the key and the new
	 * one.
	 */
	public static void main(String[] args) {
		try (EntryCodec codec = new EntryCodec(MAX_SIZE);
				CacheStore store = open(args[0], Path.of(args[1]), codec);
				Reencryption reencryption = new Reencryption(store, List.of(EncryptionKey.parse(args[2])),
						EncryptionKey.parse(args[3]), MAX_SIZE)) {
			say("moved " + reencryption.run((moved) -> say("at " + moved)).moved());
		}
	}

	static CacheStore open(String backend, Path directory, EntryCodec codec) {
		return backend.equals("sqlite") ? new SqliteCacheStore(SqliteSettings.of(directory), codec)
				: new FileCacheStore(new FileSettings(directory, MAX_SIZE, true), Clock.systemUTC());
	}

}
