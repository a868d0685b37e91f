package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CacheStoreUnavailableException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Lends the application's connection. Connecting may take as long as the application's
 * own settings say, so another thread does it, and whoever needs the connection meanwhile
 * waits no longer than for an answer. Thread-safe.
 */
final class RedisConnections {

	/**
	 * How long to wait for the first connection, for which classes are loaded and names
	 * are looked up.
	 */
	private static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);

	private final AtomicReference<@Nullable CompletableFuture<Void>> connecting = new AtomicReference<>();

	private final RedisConnectionFactory factory;

	private final ConnectingThread thread = new ConnectingThread("llmcache-redis-connect");

	private final Replies replies;

	private final Replies firstReplies;

	private volatile boolean known;

	private volatile boolean connected;

	RedisConnections(RedisConnectionFactory factory, Duration timeout) {
		this.factory = factory;
		this.replies = new Replies(timeout);
		this.firstReplies = new Replies((timeout.compareTo(FIRST_PATIENCE) > 0) ? timeout : FIRST_PATIENCE);
	}

	/**
	 * Borrow the connection.
	 * @return the connection, to be closed
	 * @throws CacheStoreException if there is none
	 */
	Borrowed borrow() {
		if (!this.connected) {
			connect();
		}
		return open();
	}

	/**
	 * Do not rely on the connection any more, because it has failed.
	 */
	void suspect() {
		this.connected = false;
	}

	/**
	 * Let nobody connect any more, before the connection is stopped. It is connected
	 * again with the next use.
	 */
	void disconnect() {
		this.thread.end();
		this.connected = false;
	}

	private void connect() {
		CompletableFuture<Void> attempt = new CompletableFuture<>();
		CompletableFuture<Void> other = this.connecting.compareAndExchange(null, attempt);
		if (other == null && !this.thread.start(() -> attempt(attempt))) {
			this.connecting.set(null);
			attempt.completeExceptionally(
					new CacheStoreUnavailableException("No thread can be started to connect to Redis", null));
		}
		// Not the future itself, which others may be waiting for as well
		(this.known ? this.replies : this.firstReplies).await(((other != null) ? other : attempt).copy());
	}

	private void attempt(CompletableFuture<Void> attempt) {
		try {
			open().close();
			this.known = true;
			this.connected = true;
			this.connecting.set(null);
			attempt.complete(null);
		}
		catch (RuntimeException | Error ex) {
			this.connecting.set(null);
			attempt.completeExceptionally(ex);
		}
	}

	private Borrowed open() {
		RedisConnection connection;
		try {
			connection = this.factory.getConnection();
		}
		catch (RuntimeException ex) {
			throw RedisFailures.translate(ex);
		}
		try {
			return new Borrowed(connection, commands(connection));
		}
		catch (RuntimeException ex) {
			connection.close();
			throw RedisFailures.translate(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static RedisClusterAsyncCommands<byte[], byte[]> commands(RedisConnection connection) {
		if (connection.getNativeConnection() instanceof RedisClusterAsyncCommands<?, ?> commands) {
			return (RedisClusterAsyncCommands<byte[], byte[]>) commands;
		}
		throw new CacheStoreException("The cache needs a connection to Redis through Lettuce", null);
	}

	/**
	 * The connection, lent to one user.
	 */
	record Borrowed(RedisConnection connection,
			RedisClusterAsyncCommands<byte[], byte[]> commands) implements AutoCloseable {

		@Override
		public void close() {
			this.connection.close();
		}

	}

}
