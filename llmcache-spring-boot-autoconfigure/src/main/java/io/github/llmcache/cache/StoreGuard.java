package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Uses a store so that its failures end here: they are logged when they begin and when
 * they end, and kept for the health. Thread-safe.
 * <p>
 * Uses are told apart, for one may fail while another works: reading from a full disk, or
 * one model's file beside a corrupt one of another model. A store that cannot be used at
 * all is one failure, whatever was attempted.
 */
final class StoreGuard {

	/** More failing uses than this are neither logged nor kept. */
	private static final int MAX_FAILING = 100;

	private static final Log logger = LogFactory.getLog(CacheManager.class);

	/** A use that has not been tried for this long says nothing of the store any more. */
	private static final Duration FORGET_AFTER = Duration.ofMinutes(5);

	private final Map<Use, Failure> failing = new ConcurrentHashMap<>();

	private final String backend;

	private final InstantSource clock;

	StoreGuard(String backend, InstantSource clock) {
		this.backend = backend;
		this.clock = clock;
	}

	/**
	 * Read from the store.
	 * @param <T> the type of the result
	 * @param model for which model
	 * @param operation what is done
	 * @param onFailure what is done if it fails
	 * @return the result, {@code null} if it fails
	 */
	<T> @Nullable T read(String model, Operation<T> operation, Runnable onFailure) {
		return run("read", model, operation, onFailure);
	}

	/**
	 * Ask the store for the right to make a call.
	 * @param <T> the type of the result
	 * @param model for which model
	 * @param operation what is done
	 * @return the result, {@code null} if it fails
	 */
	<T> @Nullable T lease(String model, Operation<T> operation) {
		return run("lease calls", model, operation, () -> {
			// The call is made all the same
		});
	}

	/**
	 * Write to the store.
	 * @param model for which model
	 * @param operation what is done
	 * @param onFailure what is done if it fails
	 */
	void write(String model, Runnable operation, Runnable onFailure) {
		run("write", model, () -> {
			operation.run();
			return null;
		}, onFailure);
	}

	/**
	 * Keep the store in order.
	 * @param model which model of it
	 * @param operation what is done; {@code true} if it has succeeded
	 * @return whether it has succeeded
	 */
	boolean maintain(String model, Operation<Boolean> operation) {
		return Boolean.TRUE.equals(run(Use.MAINTAIN, model, operation, () -> {
			// It is tried again
		}));
	}

	private <T> @Nullable T run(String verb, String model, Operation<T> operation, Runnable onFailure) {
		try {
			T result = operation.run();
			if (!this.failing.isEmpty()) {
				succeeded(new Use(verb, model));
			}
			return result;
		}
		catch (RuntimeException ex) {
			failed(new Use(verb, model), ex);
			onFailure.run();
			return null;
		}
	}

	CacheHealth health() {
		Instant now = this.clock.instant();
		return this.failing.values()
			.stream()
			.filter((failure) -> !failure.isForgotten(now))
			.findFirst()
			.map((failure) -> new CacheHealth(failure.message(), failure.first()))
			.orElse(CacheHealth.UP);
	}

	private void succeeded(Use use) {
		recovered(use);
		recovered(Use.ANY);
	}

	private void recovered(Use use) {
		if (this.failing.remove(use) != null) {
			logger.info("The " + this.backend + " cache can " + use.verb() + " again");
		}
	}

	private void failed(Use attempted, RuntimeException ex) {
		if (logger.isDebugEnabled()) {
			logger.debug("The " + this.backend + " cache failed to " + attempted.verb(), ex);
		}
		Use use = (ex instanceof CacheStoreUnavailableException) ? Use.ANY : attempted;
		Instant now = this.clock.instant();
		Failure known = this.failing.computeIfPresent(use, (key, failure) -> failure.again(now));
		if (known != null) {
			return;
		}
		if (this.failing.size() >= MAX_FAILING) {
			this.failing.values().removeIf((failure) -> failure.isForgotten(now));
		}
		if (this.failing.size() >= MAX_FAILING) {
			return;
		}
		String message = describe(ex);
		if (this.failing.putIfAbsent(use, new Failure(message, now, now)) == null) {
			logger.warn("The " + this.backend + " cache cannot " + use.verb() + "; " + use.consequence()
					+ " until it can: " + message);
		}
	}

	/**
	 * Only a store's own exceptions have messages that are known to hold nothing of what
	 * is stored.
	 */
	static String describe(RuntimeException ex) {
		String message = (ex instanceof CacheStoreException) ? ex.getMessage() : null;
		return (message != null) ? message : ex.getClass().getName();
	}

	/**
	 * What a store is used for.
	 *
	 * @param verb what it does
	 * @param model for which model
	 */
	private record Use(String verb, String model) {

		/** What nobody waits for. */
		static final String MAINTAIN = "be kept in order";

		/** Whatever a store is used for, if none of it works. */
		static final Use ANY = new Use("be reached", "");

		private String consequence() {
			return this.verb.equals(MAINTAIN) ? "it keeps growing" : "requests go to the provider";
		}

	}

	/**
	 * Something that is done with the store.
	 *
	 * @param <T> the type of its result
	 */
	@FunctionalInterface
	interface Operation<T> {

		@Nullable T run();

	}

	/**
	 * How a use fails.
	 */
	private record Failure(String message, Instant first, Instant last) {

		private Failure again(Instant now) {
			return new Failure(this.message, this.first, now);
		}

		/**
		 * A failure that is yet to come is from before the clock was set back.
		 */
		private boolean isForgotten(Instant now) {
			return !this.last.isAfter(now.minus(FORGET_AFTER)) || this.last.isAfter(now.plus(FORGET_AFTER));
		}

	}

}
