package io.github.llmcache.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;

import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.UserDirectory;
import io.github.llmcache.cache.encryption.EncryptionKey;
import io.github.llmcache.cache.encryption.EncryptionKeys;
import io.github.llmcache.cache.encryption.StoreEncryption;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.cache.redis.RedisCacheStore;
import io.github.llmcache.cache.redis.RedisSettings;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.unit.DataSize;

/**
 * Options that say which cache is meant.
 */
final class StoreOptions {

	private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

	private static final long LARGEST_ENTRY = Integer.MAX_VALUE / 2;

	@Option(names = { "-b", "--backend" }, paramLabel = "BACKEND", defaultValue = "sqlite",
			description = "Where entries are kept: ${COMPLETION-CANDIDATES}. "
					+ "Default: LLMCACHE_BACKEND in the environment, or else sqlite")
	private Backend backend = Backend.SQLITE;

	@Option(names = { "-d", "--directory" }, paramLabel = "DIR",
			description = "Folder of the entries. Default: LLMCACHE_DIRECTORY in the environment, or else the user's, "
					+ "as in applications")
	private @Nullable Path directory;

	@Option(names = "--redis-url", paramLabel = "URL", defaultValue = "redis://localhost:6379",
			description = "Where Redis is, such as redis://user:password@host:6379/0; rediss:// with TLS; several "
					+ "host:port with commas between are a cluster. Default: LLMCACHE_REDIS_URL in the environment, "
					+ "or else redis://localhost:6379")
	private String redisUrl = "";

	@Option(names = "--redis-key-prefix", paramLabel = "PREFIX", defaultValue = RedisSettings.DEFAULT_KEY_PREFIX,
			description = "What all keys in Redis begin with. Default: ${DEFAULT-VALUE}")
	private String redisKeyPrefix = "";

	@Option(names = "--max-entry-size", paramLabel = "SIZE", defaultValue = "16MB",
			description = "The largest entry, as llmcache.max-entry-size of the application. Default: ${DEFAULT-VALUE}")
	private DataSize maxEntrySize = DataSize.ofMegabytes(16);

	@Option(names = "--key-file", paramLabel = "FILE",
			description = "File with the key of an encrypted cache. Default: LLMCACHE_ENCRYPTION_KEY in the environment")
	private @Nullable Path keyFile;

	@Option(names = "--encryption-key", hidden = true, converter = SecretText.Converter.class)
	private @Nullable SecretText key;

	/**
	 * Return the key of the cache.
	 * @return the key, or {@code null} if none is given
	 * @throws CliException if what is given is none
	 */
	@Nullable EncryptionKey key() {
		return SecretText.key(this.key, this.keyFile, "LLMCACHE_ENCRYPTION_KEY or --key-file");
	}

	/**
	 * Return a store that is decrypted, if it is encrypted, and else kept from being
	 * mixed with one that is.
	 */
	private OpenStore decrypted(OpenStore open, Clock clock) {
		EncryptionKey key = key();
		StoreEncryption encryption = new StoreEncryption((key != null) ? EncryptionKeys.of(key) : null, maxEntrySize(),
				clock);
		return new OpenStore(encryption.over(open.store()), open.needs());
	}

	/**
	 * Open the store of a cache that is only read, or changed where it is.
	 * @param clock the clock
	 * @param decrypt whether the store is decrypted
	 * @return the store, to be closed
	 * @throws CliException if there is no cache
	 */
	OpenStore openExisting(Clock clock, boolean decrypt) {
		if (this.backend != Backend.REDIS && !Files.isDirectory(directory())) {
			String reason = Files.exists(directory()) ? "It is no folder" : "The folder does not exist";
			throw new CliException("There is no cache in " + directory() + ": " + reason
					+ ". Name the one that the application uses with --directory");
		}
		return decrypt ? open(clock) : openAsItIs(clock);
	}

	/**
	 * Open the store, which is created when something is stored.
	 * @param clock the clock
	 * @return the store, to be closed
	 */
	OpenStore open(Clock clock) {
		// Before there is anything to be closed
		key();
		return decrypted(openAsItIs(clock), clock);
	}

	private OpenStore openAsItIs(Clock clock) {
		long maxEntrySize = maxEntrySize();
		return switch (this.backend) {
			case SQLITE -> {
				EntryCodec codec = new EntryCodec(maxEntrySize);
				yield new OpenStore(new SqliteCacheStore(SqliteSettings.of(directory()), codec), codec::close);
			}
			case FILE ->
				new OpenStore(new FileCacheStore(new FileSettings(directory(), maxEntrySize, true), clock), () -> {
				});
			case REDIS -> openRedis(maxEntrySize, clock);
		};
	}

	/**
	 * Return the largest entry that is read.
	 * @throws CliException if there can be no such entry
	 */
	long maxEntrySize() {
		long bytes = this.maxEntrySize.toBytes();
		if (bytes < 1 || bytes > LARGEST_ENTRY) {
			throw CliException.usage("--max-entry-size must be between 1 and " + LARGEST_ENTRY + " bytes");
		}
		return bytes;
	}

	private OpenStore openRedis(long maxEntrySize, Clock clock) {
		RedisSettings settings;
		try {
			settings = new RedisSettings(this.redisKeyPrefix, COMMAND_TIMEOUT, RedisSettings.defaults().leaseTime(),
					true);
		}
		catch (IllegalArgumentException ex) {
			throw CliException.usage("--redis-key-prefix must not contain braces");
		}
		LettuceConnectionFactory connections = RedisAddress.parse(this.redisUrl).connect(COMMAND_TIMEOUT);
		EntryCodec codec = new EntryCodec(maxEntrySize);
		return new OpenStore(new RedisCacheStore(connections, settings, codec, clock), () -> {
			connections.destroy();
			codec.close();
		});
	}

	/**
	 * Describe which cache is meant, without passwords.
	 */
	String description() {
		return (this.backend == Backend.REDIS) ? RedisAddress.parse(this.redisUrl).toString() : directory().toString();
	}

	private Path directory() {
		if (this.directory != null) {
			return this.directory.toAbsolutePath().normalize();
		}
		UnaryOperator<@Nullable String> environment = (name) -> System.getProperty(name, System.getenv(name));
		try {
			return UserDirectory.find(environment);
		}
		catch (IllegalStateException ex) {
			throw new CliException(ex.getMessage() + ". Name the folder with --directory");
		}
	}

	/**
	 * Where entries are kept.
	 */
	enum Backend {

		SQLITE, FILE, REDIS;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
