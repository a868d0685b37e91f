package io.github.llmcache.inference;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.github.llmcache.ProviderException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.provider.RateLimitStatus;
import io.github.llmcache.provider.RateLimitStatus.Remaining;
import io.github.llmcache.provider.RateLimits.PerMinute;
import org.jspecify.annotations.Nullable;

/**
 * Lets the calls of one model go when its limits allow them: those that are configured,
 * those that the provider reports, and the pauses that it asks for. In the order in which
 * they come. Thread-safe.
 */
final class RateLimiter {

	/** The longest answers of models are far shorter. */
	private static final long MAX_ANSWER = 10_000_000;

	/** By how many answers the usual length of one is determined. */
	private static final int RECENT = 8;

	/** Whoever has it is the next; nobody holds anything else while it waits here. */
	private final Semaphore turn = new Semaphore(1, true);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final LongSupplier nanoTime;

	private final Duration longestPause;

	private final @Nullable ConfiguredBudget requests;

	private final @Nullable ConfiguredBudget tokens;

	private final ReportedBudget reportedRequests;

	private final ReportedBudget reportedTokens;

	private final ReportedBudget reportedInputTokens;

	private final ReportedBudget reportedOutputTokens;

	/** Whether the provider counts prompts and answers apart. */
	private boolean countedApart;

	private @Nullable Double usualAnswer;

	private boolean paused;

	private long pausedUntil;

	/**
	 * Create a limiter.
	 * @param limits the configured limits
	 * @param fraction the part of all limits to use
	 * @param longestPause the longest time to wait because of what a provider says; if
	 * that takes longer, the call goes, and the provider decides
	 * @param nanoTime the time
	 */
	RateLimiter(PerMinute limits, double fraction, Duration longestPause, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.longestPause = longestPause;
		this.requests = (limits.requests() != null) ? new ConfiguredBudget(limits.requests(), fraction, nanoTime)
				: null;
		this.tokens = (limits.tokens() != null) ? new ConfiguredBudget(limits.tokens(), fraction, nanoTime) : null;
		this.reportedRequests = new ReportedBudget(fraction);
		this.reportedTokens = new ReportedBudget(fraction);
		this.reportedInputTokens = new ReportedBudget(fraction);
		this.reportedOutputTokens = new ReportedBudget(fraction);
	}

	/**
	 * Wait until a call may go. It takes the permit only then, so that it keeps no permit
	 * from the other models of its provider while it waits, and does not go later than
	 * its limits were looked at.
	 * @param estimate the tokens that it will take
	 * @param permits the permits of its provider; the caller releases the one that is
	 * acquired
	 * @return the call's share of the limits
	 * @throws InterruptedException if the current thread is interrupted; nothing is used
	 * or held then
	 */
	Share acquire(TokenEstimate estimate, Semaphore permits) throws InterruptedException {
		this.turn.acquire();
		try {
			Share share = null;
			while (share == null) {
				await(estimate);
				permits.acquire();
				try {
					share = tryUse(estimate);
				}
				finally {
					if (share == null) {
						permits.release();
					}
				}
			}
			return share;
		}
		finally {
			this.turn.release();
		}
	}

	private void await(TokenEstimate estimate) throws InterruptedException {
		this.lock.lock();
		try {
			long nanos = nanosUntil(estimate);
			while (nanos > 0) {
				this.changed.awaitNanos(nanos);
				nanos = nanosUntil(estimate);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Share tryUse(TokenEstimate estimate) {
		this.lock.lock();
		try {
			return (nanosUntil(estimate) == 0) ? new Share(estimate) : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private long nanosUntil(TokenEstimate estimate) {
		long now = this.nanoTime.getAsLong();
		long nanos = reportedNanosUntil(estimate, now);
		if (Duration.ofNanos(nanos).compareTo(this.longestPause) > 0) {
			nanos = 0;
		}
		if (this.paused) {
			nanos = Math.max(nanos, this.pausedUntil - now);
		}
		if (this.requests != null) {
			nanos = Math.max(nanos, this.requests.nanosUntil(1));
		}
		if (this.tokens != null) {
			nanos = Math.max(nanos, this.tokens.nanosUntil(estimate.likely(this.usualAnswer)));
		}
		return nanos;
	}

	private long reportedNanosUntil(TokenEstimate estimate, long now) {
		long nanos = this.reportedRequests.nanosUntil(1, now);
		nanos = Math.max(nanos, this.reportedTokens.nanosUntil(reportedTokens(estimate), now));
		nanos = Math.max(nanos, this.reportedInputTokens.nanosUntil(estimate.prompt(), now));
		// Not counted before they are there
		return Math.max(nanos, this.reportedOutputTokens.nanosUntil(1, now));
	}

	private long reportedTokens(TokenEstimate estimate) {
		return this.countedApart ? estimate.prompt() : estimate.longest();
	}

	private void pause(Duration time) {
		long nanos = time.toNanos();
		long until = this.nanoTime.getAsLong() + nanos;
		if (!this.paused || until - this.pausedUntil > 0) {
			this.paused = true;
			this.pausedUntil = until;
		}
		if (this.requests != null) {
			this.requests.refused(nanos);
		}
		if (this.tokens != null) {
			this.tokens.refused(nanos);
		}
	}

	/**
	 * What a call that has gone uses of the limits.
	 */
	final class Share {

		private final long expectedTokens;

		private final ReportedBudget.Use request;

		private final ReportedBudget.Use allTokens;

		private final ReportedBudget.Use inputTokens;

		private final ReportedBudget.Use outputTokens;

		private Share(TokenEstimate estimate) {
			RateLimiter limiter = RateLimiter.this;
			long now = limiter.nanoTime.getAsLong();
			this.expectedTokens = estimate.likely(limiter.usualAnswer);
			this.request = limiter.reportedRequests.use(1, now);
			this.allTokens = limiter.reportedTokens.use(reportedTokens(estimate), now);
			this.inputTokens = limiter.reportedInputTokens.use(estimate.prompt(), now);
			this.outputTokens = limiter.reportedOutputTokens.use(0, now);
			if (limiter.requests != null) {
				limiter.requests.use(1);
			}
			if (limiter.tokens != null) {
				limiter.tokens.use(this.expectedTokens);
			}
		}

		/**
		 * Learn what the provider says of its limits.
		 * @param status what the headers of the response say
		 */
		void reported(RateLimitStatus status) {
			if (status.equals(RateLimitStatus.UNKNOWN)) {
				return;
			}
			RateLimiter limiter = RateLimiter.this;
			limiter.lock.lock();
			try {
				limiter.countedApart = status.inputTokens() != null || status.outputTokens() != null;
				report(limiter.reportedRequests, this.request, status.requests());
				report(limiter.reportedTokens, this.allTokens, status.tokens());
				report(limiter.reportedInputTokens, this.inputTokens, status.inputTokens());
				report(limiter.reportedOutputTokens, this.outputTokens, status.outputTokens());
				limiter.changed.signal();
			}
			finally {
				limiter.lock.unlock();
			}
		}

		private void report(ReportedBudget budget, ReportedBudget.Use use, @Nullable Remaining remaining) {
			if (remaining != null) {
				budget.report(use, remaining, RateLimiter.this.nanoTime.getAsLong());
			}
		}

		/**
		 * Learn what the call took.
		 * @param inputTokens the tokens of the prompt
		 * @param outputTokens the tokens of the answer
		 */
		void answered(long inputTokens, long outputTokens) {
			long input = Math.max(0, Math.min(inputTokens, Integer.MAX_VALUE));
			long output = Math.max(0, Math.min(outputTokens, MAX_ANSWER));
			if (input + output == 0) {
				// The provider does not count
				return;
			}
			RateLimiter limiter = RateLimiter.this;
			limiter.lock.lock();
			try {
				Double usual = limiter.usualAnswer;
				limiter.usualAnswer = (usual != null) ? usual + (output - usual) / RECENT : Double.valueOf(output);
				correct(input + output);
			}
			finally {
				limiter.lock.unlock();
			}
		}

		/**
		 * Learn that the call failed.
		 * @param failure the failure
		 */
		void failed(ProviderException failure) {
			RateLimiter limiter = RateLimiter.this;
			limiter.lock.lock();
			try {
				if (failure.getStatus().orElse(0) >= 400) {
					// Nothing was generated
					correct(0);
				}
				if (failure instanceof RateLimitException) {
					failure.getRetryAfter()
						.filter((time) -> time.compareTo(limiter.longestPause) <= 0)
						.ifPresentOrElse(limiter::pause, () -> limiter.pause(Duration.ZERO));
				}
			}
			finally {
				limiter.lock.unlock();
			}
		}

		private void correct(long realTokens) {
			if (RateLimiter.this.tokens != null) {
				RateLimiter.this.tokens.correct(this.expectedTokens, realTokens);
				RateLimiter.this.changed.signal();
			}
		}

	}

}
