package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.TestEntries;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * An application's connection to Redis, and stores over it.
 */
final class RedisFixture implements AutoCloseable {

	/** Long enough not to be noticed where time is not what is tested. */
	static final RedisSettings PATIENT = new RedisSettings(RedisSettings.DEFAULT_KEY_PREFIX, Duration.ofSeconds(30),
			Duration.ofSeconds(10), true);

	final LettuceConnectionFactory factory;

	private RedisFixture(RedisConfiguration configuration) {
		this.factory = create(configuration);
		this.factory.afterPropertiesSet();
		this.factory.start();
	}

	private static LettuceConnectionFactory create(RedisConfiguration configuration) {
		return (configuration instanceof RedisClusterConfiguration cluster) ? new LettuceConnectionFactory(cluster)
				: new LettuceConnectionFactory((RedisStandaloneConfiguration) configuration);
	}

	/**
	 * Connect to a server, or to a cluster.
	 * @param nodes host and port of the server or of all masters, separated by commas
	 */
	static RedisFixture of(String nodes) {
		if (nodes.contains(",")) {
			return new RedisFixture(new RedisClusterConfiguration(List.of(nodes.split(","))));
		}
		String[] address = nodes.split(":");
		return new RedisFixture(new RedisStandaloneConfiguration(address[0], Integer.parseInt(address[1])));
	}

	RedisCacheStore store(RedisSettings settings, EntryCodec codec) {
		return new RedisCacheStore(this.factory, settings, codec, () -> TestEntries.CREATED_AT);
	}

	/**
	 * Use the connection past a store.
	 */
	<T> @Nullable T command(Function<RedisConnection, @Nullable T> command) {
		try (RedisConnection connection = this.factory.getConnection()) {
			return command.apply(connection);
		}
	}

	@SuppressWarnings("unchecked")
	<T> T lettuce(Function<RedisClusterAsyncCommands<byte[], byte[]>, java.util.concurrent.Future<T>> command)
			throws Exception {
		try (RedisConnection connection = this.factory.getConnection()) {
			return command.apply((RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection()).get();
		}
	}

	void clear() {
		command((connection) -> {
			connection.serverCommands().flushAll();
			return null;
		});
	}

	@Override
	public void close() {
		this.factory.destroy();
	}

}
