package io.github.llmcache.inference;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * How long misses may be explained: for some time at once, and for a small part of the
 * time afterwards. So the few misses of a test are explained however many entries there
 * are, and thousands of them do not take thousands of times as long. Thread-safe.
 */
final class ExplanationBudget {

	static final Duration AT_ONCE = Duration.ofSeconds(10);

	/** A hundredth of the time. */
	static final long PART = 100;

	private final LongSupplier nanoTime;

	private long available = AT_ONCE.toNanos();

	private long since;

	/**
	 * Create a budget.
	 * @param nanoTime the time in nanoseconds, such as {@link System#nanoTime()}
	 */
	ExplanationBudget(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.since = nanoTime.getAsLong();
	}

	/**
	 * Explain, if there is time for it.
	 * @param <T> the type of an explanation
	 * @param explanation explains
	 * @return the explanation, or {@code null} if there is no time
	 */
	<T> @Nullable T spend(Supplier<T> explanation) {
		long start = this.nanoTime.getAsLong();
		if (!isAvailable(start)) {
			return null;
		}
		try {
			return explanation.get();
		}
		finally {
			take(this.nanoTime.getAsLong() - start);
		}
	}

	private synchronized boolean isAvailable(long now) {
		long earned = (now - this.since) / PART;
		this.since += earned * PART;
		this.available = Math.min(this.available + earned, AT_ONCE.toNanos());
		return this.available > 0;
	}

	private synchronized void take(long nanos) {
		this.available -= nanos;
	}

}
