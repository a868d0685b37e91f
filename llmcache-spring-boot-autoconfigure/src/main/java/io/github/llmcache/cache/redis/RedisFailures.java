package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CacheStoreUnavailableException;
import io.github.llmcache.cache.StoreFailures;
import io.lettuce.core.RedisCommandExecutionException;

/**
 * Explains what goes wrong with Redis.
 */
final class RedisFailures {

	/** Redis says no more than a line, unless it is something else that answers. */
	private static final int MAX_LENGTH = 200;

	private static final String WRONG_TYPE = "WRONGTYPE";

	private RedisFailures() {
	}

	/**
	 * Translate a failure.
	 * @param failure the failure of a command, or of connecting
	 * @return an exception that tells whether Redis has answered at all
	 */
	static CacheStoreException translate(Throwable failure) {
		Throwable cause = failure.getCause();
		if (cause != null && (failure instanceof ExecutionException || failure instanceof CompletionException)) {
			return translate(cause);
		}
		if (failure instanceof CacheStoreException known) {
			return known;
		}
		// Further down it is why there is no connection, such as a wrong password
		if (failure instanceof RedisCommandExecutionException refusal) {
			return new CacheStoreException("Redis answers: " + message(refusal), refusal);
		}
		Throwable root = root(failure);
		return new CacheStoreUnavailableException("Redis cannot be used (" + message(root)
				+ "): check that it runs and the properties spring.data.redis.*", failure);
	}

	static CacheStoreUnavailableException timeout(Duration timeout) {
		return new CacheStoreUnavailableException(
				"Redis has not answered within " + timeout.toMillis() + " ms (llmcache.redis.command-timeout)", null);
	}

	/**
	 * Return whether there is something else under the name of an entry.
	 */
	static boolean isWrongType(CacheStoreException failure) {
		return failure.getCause() instanceof RedisCommandExecutionException refusal
				&& message(refusal).startsWith(WRONG_TYPE);
	}

	/**
	 * Throw the first failure, unless it tells of no more than something else under the
	 * name of an entry.
	 */
	static void throwUnlessWrongType(StoreFailures failures) {
		try {
			failures.throwFirst();
		}
		catch (CacheStoreException ex) {
			if (!isWrongType(ex)) {
				throw ex;
			}
		}
	}

	private static Throwable root(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return root;
	}

	private static String message(Throwable failure) {
		String message = failure.getMessage();
		if (message == null) {
			return failure.getClass().getName();
		}
		return (message.length() > MAX_LENGTH) ? message.substring(0, MAX_LENGTH) : message;
	}

}
