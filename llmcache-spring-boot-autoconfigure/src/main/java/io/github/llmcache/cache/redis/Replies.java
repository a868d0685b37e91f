package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CacheStoreUnavailableException;
import io.github.llmcache.cache.StoreFailures;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the replies to commands that have been sent, as long as one comes within the
 * timeout after the other. Interrupts nothing: what has been asked of a provider is saved
 * although its thread is told to end, and the timeout is short. Thread-safe.
 */
final class Replies {

	private final Duration timeout;

	Replies(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Wait for a reply.
	 * @param <T> the type of the reply
	 * @param reply the reply to be
	 * @return the reply
	 * @throws CacheStoreException if Redis refuses, or does not answer
	 */
	<T> @Nullable T await(Future<T> reply) {
		boolean interrupted = false;
		long deadline = System.nanoTime() + this.timeout.toNanos();
		try {
			while (true) {
				try {
					return reply.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		catch (TimeoutException ex) {
			// Not sent any more, if there is no connection at the moment
			reply.cancel(true);
			throw RedisFailures.timeout(this.timeout);
		}
		catch (ExecutionException | CancellationException ex) {
			throw RedisFailures.translate(ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Wait for replies. Commands that are refused do not keep the others from being
	 * waited for.
	 * @param <T> the type of the replies
	 * @param replies the replies to be
	 * @param failures is given what is refused
	 * @return the replies in the same order, {@code null} for those that are refused
	 * @throws CacheStoreUnavailableException if Redis does not answer
	 */
	<T> List<@Nullable T> awaitEach(List<? extends Future<? extends T>> replies, StoreFailures failures) {
		List<@Nullable T> values = new ArrayList<>(replies.size());
		for (Future<? extends T> reply : replies) {
			try {
				values.add(await(reply));
			}
			catch (CacheStoreUnavailableException ex) {
				replies.forEach((other) -> other.cancel(true));
				throw ex;
			}
			catch (CacheStoreException ex) {
				failures.add(ex);
				values.add(null);
			}
		}
		return values;
	}

	/**
	 * Wait for replies.
	 * @param <T> the type of the replies
	 * @param replies the replies to be
	 * @return the replies, in the same order
	 * @throws CacheStoreException the first failure, with the others
	 */
	<T> List<@Nullable T> awaitAll(List<? extends Future<? extends T>> replies) {
		StoreFailures failures = new StoreFailures();
		List<@Nullable T> values = awaitEach(replies, failures);
		failures.throwFirst();
		return values;
	}

}
