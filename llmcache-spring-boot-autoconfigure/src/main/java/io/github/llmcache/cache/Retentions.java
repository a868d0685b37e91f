package io.github.llmcache.cache;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.llmcache.cache.CacheManager.CacheWrite;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks a policy so that its failures end here, and applies what it says of time.
 * Thread-safe.
 */
final class Retentions {

	private static final Log logger = LogFactory.getLog(CacheManager.class);

	/** What expires later is kept for ever: not every store has room for such a time. */
	private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

	private final AtomicBoolean failed = new AtomicBoolean();

	private final RetentionPolicy policy;

	Retentions(RetentionPolicy policy) {
		this.policy = policy;
	}

	/**
	 * Return what is kept of a model.
	 * @param model the model's id
	 * @return what the policy says, everything if it fails
	 */
	Retention of(String model) {
		try {
			return Objects.requireNonNull(this.policy.of(model));
		}
		catch (RuntimeException ex) {
			if (this.failed.compareAndSet(false, true)) {
				logger.warn("The retention policy fails; everything is kept where it does: " + ex.getClass().getName());
			}
			return Retention.UNLIMITED;
		}
	}

	/**
	 * Return when what is written expires.
	 * @param write what is written
	 * @return the time, to the millisecond, or {@code null} for never
	 */
	@Nullable Instant expiresAt(CacheWrite write) {
		Duration timeToLive = (write.timeToLive() != null) ? write.timeToLive()
				: of(write.request().model()).timeToLive();
		if (timeToLive == null) {
			return null;
		}
		try {
			Instant expiresAt = write.responses().get(0).createdAt().plus(timeToLive).truncatedTo(ChronoUnit.MILLIS);
			return expiresAt.isBefore(LATEST) ? expiresAt : null;
		}
		catch (DateTimeException | ArithmeticException ex) {
			return null;
		}
	}

}
