package io.github.llmcache.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.UserDirectory;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.cache.redis.RedisCacheStore;
import io.github.llmcache.cache.redis.RedisSettings;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Options that say which cache is meant.
 */
final class StoreOptions {

	private static final long MAX_ENTRY_SIZE = 16 * 1024 * 1024;

	private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

	@Option(names = "--backend", paramLabel = "BACKEND", defaultValue = "sqlite",
			description = "Where entries are kept: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
	private Backend backend = Backend.SQLITE;

	@Option(names = { "-d", "--directory" }, paramLabel = "DIR",
			description = "Folder of the entries. Default: the user's, as in applications")
	private @Nullable Path directory;

	@Option(names = "--redis-url", paramLabel = "URL", defaultValue = "redis://localhost:6379",
			description = "Where Redis is, such as redis://user:password@host:6379/0. Default: ${DEFAULT-VALUE}")
	private String redisUrl = "";

	@Option(names = "--redis-key-prefix", paramLabel = "PREFIX", defaultValue = RedisSettings.DEFAULT_KEY_PREFIX,
			description = "What all keys in Redis begin with. Default: ${DEFAULT-VALUE}")
	private String redisKeyPrefix = "";

	/**
	 * Open the store.
	 * @param clock the clock
	 * @return the store, to be closed
	 */
	OpenStore open(Clock clock) {
		return switch (this.backend) {
			case SQLITE -> {
				EntryCodec codec = new EntryCodec(MAX_ENTRY_SIZE);
				yield new OpenStore(new SqliteCacheStore(SqliteSettings.of(directory()), codec), codec::close);
			}
			case FILE ->
				new OpenStore(new FileCacheStore(new FileSettings(directory(), MAX_ENTRY_SIZE, true), clock), () -> {
				});
			case REDIS -> openRedis(clock);
		};
	}

	private OpenStore openRedis(Clock clock) {
		EntryCodec codec = new EntryCodec(MAX_ENTRY_SIZE);
		LettuceConnectionFactory connections = new LettuceConnectionFactory(
				LettuceConnectionFactory.createRedisConfiguration(RedisURI.create(this.redisUrl)));
		connections.afterPropertiesSet();
		connections.start();
		RedisSettings settings = new RedisSettings(this.redisKeyPrefix, COMMAND_TIMEOUT,
				RedisSettings.defaults().leaseTime(), true);
		return new OpenStore(new RedisCacheStore(connections, settings, codec, clock), () -> {
			connections.destroy();
			codec.close();
		});
	}

	private Path directory() {
		return (this.directory != null) ? this.directory.toAbsolutePath().normalize()
				: UserDirectory.find((name) -> System.getProperty(name, System.getenv(name)));
	}

	/**
	 * Where entries are kept.
	 */
	enum Backend {

		SQLITE, FILE, REDIS

	}

}
