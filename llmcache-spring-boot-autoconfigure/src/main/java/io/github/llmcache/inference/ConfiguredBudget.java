package io.github.llmcache.inference;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;

/**
 * What the configuration lets a model be asked in a minute, evenly spread: not more than
 * a second's worth at once, for providers may enforce a limit by the second, and less
 * once a provider has found that too much. Not thread-safe.
 */
final class ConfiguredBudget {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	/**
	 * So short that it does no harm, so long that a thread that wakes late loses nothing.
	 */
	private static final Duration SHORTEST_BURST = Duration.ofMillis(50);

	private final Bucket bucket;

	private final int perMinute;

	private final long shortestBurst;

	private long burst;

	/** The time in which a minute's worth comes in. */
	private final long period;

	/**
	 * Create a budget, of which a burst is there.
	 * @param perMinute the limit
	 * @param fraction the part of it to use
	 * @param nanoTime the time
	 */
	ConfiguredBudget(int perMinute, double fraction, LongSupplier nanoTime) {
		this.perMinute = perMinute;
		this.burst = Math.max(1, (long) (perMinute * fraction / MINUTE.toSeconds()));
		this.shortestBurst = Math.max(1, this.burst * SHORTEST_BURST.toMillis() / 1000);
		this.period = (long) (MINUTE.toNanos() / fraction);
		this.bucket = Bucket.builder().addLimit(bandwidth()).withCustomTimePrecision(new Meter(nanoTime)).build();
	}

	private Bandwidth bandwidth() {
		return Bandwidth.builder()
			.capacity(this.burst)
			.refillGreedy(this.perMinute, Duration.ofNanos(this.period))
			.build();
	}

	/**
	 * Return how long it takes until an amount can be used. Of one that is more than a
	 * burst, the rest is paid off by those that come after it.
	 * @param amount the amount
	 * @return the time in nanoseconds, 0 if it can be used now
	 */
	long nanosUntil(long amount) {
		return this.bucket.estimateAbilityToConsume(Math.max(1, Math.min(amount, this.burst)))
			.getNanosToWaitForRefill();
	}

	void use(long amount) {
		if (amount > 0) {
			this.bucket.consumeIgnoringRateLimits(bounded(amount));
		}
	}

	/**
	 * Tell what was really used.
	 * @param used the amount that was used in advance
	 * @param real the real amount
	 */
	void correct(long used, long real) {
		long more = bounded(real) - bounded(used);
		if (more > 0) {
			this.bucket.consumeIgnoringRateLimits(more);
		}
		else if (more < 0) {
			this.bucket.forceAddTokens(-more);
		}
	}

	/**
	 * Learn that the provider has refused a call. Nothing is left when the pause that it
	 * asks for ends, so that no burst follows, and later ones are shorter.
	 * @param nanos how long the pause is
	 */
	void refused(long nanos) {
		if (this.burst > this.shortestBurst) {
			this.burst = Math.max(this.shortestBurst, this.burst / 2);
			this.bucket.replaceConfiguration(BucketConfiguration.builder().addLimit(bandwidth()).build(),
					TokensInheritanceStrategy.AS_IS);
		}
		long surplus = this.bucket.getAvailableTokens() + (long) ((double) nanos / this.period * this.perMinute);
		if (surplus > 0) {
			this.bucket.consumeIgnoringRateLimits(surplus);
		}
	}

	/**
	 * What one request uses is never more than a minute's worth, so that the next do not
	 * wait forever.
	 */
	private long bounded(long amount) {
		return Math.max(0, Math.min(amount, this.perMinute));
	}

	private record Meter(LongSupplier nanoTime) implements TimeMeter {

		@Override
		public long currentTimeNanos() {
			return this.nanoTime.getAsLong();
		}

		@Override
		public boolean isWallClockBased() {
			return false;
		}

	}

}
