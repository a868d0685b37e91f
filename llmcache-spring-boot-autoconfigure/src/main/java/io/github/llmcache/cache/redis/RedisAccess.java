package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.github.llmcache.cache.BreakerState;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CacheStoreUnavailableException;
import io.github.llmcache.cache.redis.RedisConnections.Borrowed;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The way to Redis: whoever uses it waits for each answer no longer than the timeout, and
 * not at all once several answers have not come, until one that is tried from time to
 * time does. Thread-safe.
 * <p>
 * Only what makes callers wait counts as a failure: what Redis refuses, because it is
 * full, say, is refused at once, and reading may work all the same.
 */
final class RedisAccess implements AutoCloseable {

	private static final int WINDOW = 10;

	private static final int FEWEST_CALLS = 5;

	private static final float FAILURE_PERCENTAGE = 50;

	/** How long to wait before Redis is tried again. */
	static final Duration WAIT = Duration.ofSeconds(2);

	/** Whoever closes waits for those who use Redis. */
	private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();

	private final CircuitBreaker breaker;

	private final RedisConnections connections;

	private final Replies replies;

	private final Duration timeout;

	private volatile boolean closed;

	RedisAccess(RedisConnectionFactory factory, Duration timeout) {
		this.timeout = timeout;
		this.connections = new RedisConnections(factory, timeout);
		this.replies = new Replies(timeout);
		this.breaker = CircuitBreaker.of("llmcache",
				CircuitBreakerConfig.custom()
					.slidingWindow(WINDOW, FEWEST_CALLS, SlidingWindowType.COUNT_BASED)
					.failureRateThreshold(FAILURE_PERCENTAGE)
					.waitDurationInOpenState(WAIT)
					// Set back, one of the time of day would keep it open for as long
					.clock(new SteadyClock())
					.permittedNumberOfCallsInHalfOpenState(1)
					.maxWaitDurationInHalfOpenState(WAIT)
					.recordException(CacheStoreUnavailableException.class::isInstance)
					.build());
	}

	/**
	 * Use Redis.
	 * @param <T> the type of the result
	 * @param use sends commands and waits for their replies
	 * @return the result
	 * @throws CacheStoreException if Redis fails, or is not tried because it has failed
	 * lately, or this is closed
	 */
	<T> @Nullable T use(Use<T> use) {
		this.inUse.readLock().lock();
		try {
			checkOpen();
			acquirePermission();
			long start = this.breaker.getCurrentTimestamp();
			try (Borrowed borrowed = this.connections.borrow()) {
				T result = use.use(borrowed.commands(), this.replies);
				succeeded(start);
				return result;
			}
			catch (RedisException ex) {
				throw failed(start, RedisFailures.translate(ex));
			}
			catch (RuntimeException | Error ex) {
				failed(start, ex);
				throw ex;
			}
		}
		finally {
			this.inUse.readLock().unlock();
		}
	}

	/**
	 * Send a command whose reply nobody waits for.
	 * @param <T> the type of the reply
	 * @param command sends it
	 * @param whenReplied is given the reply or the failure
	 * @return the reply to be
	 * @throws CacheStoreException if it cannot be sent
	 */
	<T> CompletableFuture<T> send(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command,
			BiConsumer<? super T, ? super Throwable> whenReplied) {
		acquirePermission();
		long start = this.breaker.getCurrentTimestamp();
		try (Borrowed borrowed = this.connections.borrow()) {
			// Without an end, a reply that does not come would be the last one that is
			// tried
			CompletableFuture<T> reply = command.apply(borrowed.commands())
				.toCompletableFuture()
				.orTimeout(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
			reply.whenComplete((value, failure) -> {
				CacheStoreException translated = translate(failure);
				if (translated == null) {
					succeeded(start);
				}
				else {
					failed(start, translated);
				}
				whenReplied.accept(value, translated);
			});
			return reply;
		}
		catch (RedisException ex) {
			throw failed(start, RedisFailures.translate(ex));
		}
		catch (RuntimeException | Error ex) {
			failed(start, ex);
			throw ex;
		}
	}

	private @Nullable CacheStoreException translate(@Nullable Throwable failure) {
		if (failure == null) {
			return null;
		}
		return (failure instanceof TimeoutException) ? RedisFailures.timeout(this.timeout)
				: RedisFailures.translate(failure);
	}

	private void acquirePermission() {
		if (!this.breaker.tryAcquirePermission()) {
			throw new CacheStoreUnavailableException(
					"Redis has failed several times and is left alone for " + WAIT.toSeconds() + " s", null);
		}
	}

	BreakerState state() {
		return switch (this.breaker.getState()) {
			case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
			case OPEN, FORCED_OPEN -> BreakerState.OPEN;
			case HALF_OPEN -> BreakerState.HALF_OPEN;
		};
	}

	private void succeeded(long start) {
		this.breaker.onSuccess(this.breaker.getCurrentTimestamp() - start, this.breaker.getTimestampUnit());
	}

	private <X extends Throwable> X failed(long start, X failure) {
		if (failure instanceof CacheStoreUnavailableException) {
			this.connections.suspect();
		}
		this.breaker.onError(this.breaker.getCurrentTimestamp() - start, this.breaker.getTimestampUnit(), failure);
		return failure;
	}

	/**
	 * Do not rely on the connection any more, before the application stops it.
	 */
	void disconnect() {
		this.connections.disconnect();
	}

	void checkOpen() {
		if (this.closed) {
			throw new CacheStoreException("The store is closed", null);
		}
	}

	/**
	 * Wait for those who use Redis, and let nobody else use it.
	 */
	@Override
	public void close() {
		this.inUse.writeLock().lock();
		try {
			this.closed = true;
		}
		finally {
			this.inUse.writeLock().unlock();
		}
		disconnect();
	}

	/**
	 * A use of Redis.
	 *
	 * @param <T> the type of the result
	 */
	@FunctionalInterface
	interface Use<T> {

		/**
		 * Use Redis.
		 * @param commands sends commands, all of which are under way at the same time
		 * @param replies waits for their replies
		 * @return the result
		 */
		@Nullable T use(RedisClusterAsyncCommands<byte[], byte[]> commands, Replies replies);

	}

}
