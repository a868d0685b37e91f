package io.github.llmcache.inference;

import java.time.Duration;

import io.github.llmcache.provider.RateLimitStatus.Remaining;

/**
 * What a provider says is left of one of its limits, and what becomes of that between its
 * answers: it grows with time, and everything sent uses some of it. Without limits until
 * the provider has said something. Not thread-safe.
 * <p>
 * Providers fill up evenly (OpenAI, Anthropic), or all at once when a window ends. It
 * need not be known which: what is relied on is the slowest growth that a report allowed,
 * and that all is there when the provider says it will be.
 */
final class ReportedBudget {

	private static final double MINUTE = Duration.ofMinutes(1).toNanos();

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final double fraction;

	/** 0 while it is not known. */
	private long limit;

	private double perNano;

	private boolean growthKnown;

	private double level;

	private long levelAt;

	private long fullAt;

	/** How much had been used at all when the last report was made. */
	private long usedAtReport;

	private long used;

	private long uses;

	private long lastReported;

	/**
	 * Create a budget.
	 * @param fraction the part of the limit to use; the rest is always left to others
	 */
	ReportedBudget(double fraction) {
		this.fraction = fraction;
	}

	/**
	 * Return how long it takes until an amount can be used. Of one that is more than the
	 * limit, it is the time until there is as much as there can be.
	 * @param amount the amount
	 * @param now the time in nanoseconds
	 * @return the time in nanoseconds, 0 if it can be used now
	 */
	long nanosUntil(long amount, long now) {
		if (this.limit == 0) {
			return 0;
		}
		long reserve = this.limit - (long) Math.ceil(this.limit * this.fraction);
		long needed = Math.min(this.limit, amount + reserve);
		double missing = needed - level(now);
		if (missing <= 0) {
			return 0;
		}
		long untilGrown = (long) Math.ceil(missing / this.perNano);
		long untilFull = this.fullAt - now;
		return (untilFull > 0 && levelWhenFull() >= needed) ? Math.min(untilGrown, untilFull) : untilGrown;
	}

	private double level(long now) {
		double grown = Math.min(this.limit, this.level + this.perNano * (now - this.levelAt));
		return (now - this.fullAt >= 0) ? Math.max(grown, levelWhenFull()) : grown;
	}

	private double levelWhenFull() {
		return (double) this.limit - (this.used - this.usedAtReport);
	}

	/**
	 * Use an amount.
	 * @param amount the amount
	 * @param now the time in nanoseconds
	 * @return what a report on this use is {@linkplain #report given} with
	 */
	Use use(long amount, long now) {
		this.level = level(now) - amount;
		this.levelAt = now;
		this.used += amount;
		return new Use(++this.uses, this.used, now);
	}

	/**
	 * Learn what is left. Answers can overtake each other; only the newest question
	 * counts.
	 * @param use the use by which the provider was asked
	 * @param remaining what it says is left after that
	 * @param now the time in nanoseconds
	 */
	void report(Use use, Remaining remaining, long now) {
		if (use.number <= this.lastReported) {
			return;
		}
		this.lastReported = use.number;
		Duration untilFull = remaining.untilFull();
		if (remaining.limit() != this.limit) {
			this.limit = remaining.limit();
			this.perNano = this.limit / MINUTE;
			this.growthKnown = false;
		}
		if (untilFull != null) {
			learnGrowth(remaining.limit() - remaining.remaining(), untilFull);
		}
		double grown = Math.min(this.limit, remaining.remaining() + this.perNano * (now - use.time));
		this.level = grown - (this.used - use.used);
		this.levelAt = now;
		this.fullAt = now + ((untilFull != null) ? untilFull.toNanos() : (long) MINUTE);
		this.usedAtReport = use.used;
	}

	private void learnGrowth(long missing, Duration untilFull) {
		// Rounded to the unit in which it is written
		double nanos = untilFull.minus((untilFull.getNano() == 0) ? SECOND : Duration.ofMillis(1)).toNanos();
		if (missing == 0 || nanos <= 0) {
			return;
		}
		double seen = missing / nanos;
		if (!this.growthKnown || seen < this.perNano) {
			this.perNano = seen;
			this.growthKnown = true;
		}
	}

	/**
	 * A use of the budget.
	 *
	 * @param number how many there were until then
	 * @param used how much they used together
	 * @param time the time in nanoseconds
	 */
	record Use(long number, long used, long time) {
	}

}
