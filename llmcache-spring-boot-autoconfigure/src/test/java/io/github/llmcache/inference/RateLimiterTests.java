package io.github.llmcache.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderError;
import io.github.llmcache.ProviderTimeoutException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.provider.RateLimitStatus;
import io.github.llmcache.provider.RateLimitStatus.Remaining;
import io.github.llmcache.provider.RateLimits.PerMinute;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RateLimiter}. Its time stands still unless a test lets it pass.
 */
@Timeout(60)
class RateLimiterTests {

	private static final TokenEstimate SMALL = new TokenEstimate(10, 10);

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

	private final AtomicLong now = new AtomicLong(-1_000_000);

	private final Semaphore permits = new Semaphore(10);

	private final List<Thread> threads = new ArrayList<>();

	/** A call that has gone when the test begins. */
	private RateLimiter.@Nullable Share first;

	private final List<String> gone = new CopyOnWriteArrayList<>();

	@AfterEach
	void end() throws InterruptedException {
		for (Thread thread : this.threads) {
			thread.interrupt();
			thread.join();
		}
	}

	@Test
	void withoutLimitsNobodyWaits() throws InterruptedException {
		RateLimiter limiter = limiter(PerMinute.UNLIMITED);
		for (int i = 0; i < 10; i++) {
			limiter.acquire(SMALL, this.permits).reported(RateLimitStatus.UNKNOWN);
		}
		assertThat(this.permits.availablePermits()).isZero();
	}

	@Test
	void callsWaitInTheirOrderAndHoldNoPermit() throws InterruptedException {
		RateLimiter limiter = limiter(new PerMinute(60, null));
		start("first", limiter, SMALL);
		start("second", limiter, SMALL);
		start("third", limiter, SMALL);
		assertThat(this.permits.availablePermits()).isEqualTo(10);
		pass(Duration.ofSeconds(1));
		await().until(() -> this.gone.size() == 1);
		pass(Duration.ofMillis(999));
		assertThat(this.gone).containsExactly("first");
		pass(Duration.ofMillis(1001));
		await().until(() -> this.gone.size() == 2);
		pass(Duration.ofSeconds(1));
		await().until(() -> this.gone.size() == 3);
		assertThat(this.gone).containsExactly("first", "second", "third");
		assertThat(this.permits.availablePermits()).isEqualTo(7);
	}

	@Test
	void interruptEndsTheWaitAndUsesNothing() throws InterruptedException {
		RateLimiter limiter = limiter(new PerMinute(60, null));
		Thread first = start("first", limiter, SMALL);
		Thread second = start("second", limiter, SMALL);
		first.interrupt();
		first.join();
		second.interrupt();
		second.join();
		assertThat(this.gone).isEmpty();
		assertThat(this.permits.availablePermits()).isEqualTo(10);
		pass(Duration.ofSeconds(1));
		limiter.acquire(SMALL, this.permits);
	}

	@Test
	void interruptWhileWaitingForAPermitUsesNothing() throws InterruptedException {
		RateLimiter limiter = limiter(new PerMinute(60, null));
		pass(Duration.ofSeconds(1));
		this.permits.drainPermits();
		Thread waiting = start("waiting", limiter, SMALL);
		await().until(this.permits::hasQueuedThreads);
		waiting.interrupt();
		waiting.join();
		this.permits.release();
		limiter.acquire(SMALL, this.permits);
		assertThat(this.permits.availablePermits()).isZero();
	}

	@Test
	void limitsAreLookedAtAgainOnceThereIsAPermit() throws InterruptedException {
		RateLimiter limiter = limiter(PerMinute.UNLIMITED);
		RateLimiter.Share share = limiter.acquire(SMALL, this.permits);
		this.permits.drainPermits();
		start("waiting", limiter, SMALL);
		await().until(this.permits::hasQueuedThreads);
		share.failed(rateLimit(Duration.ofSeconds(30)));
		this.permits.release();
		await().until(() -> !this.permits.hasQueuedThreads() && this.permits.availablePermits() == 1);
		assertThat(this.gone).isEmpty();
		pass(Duration.ofSeconds(30));
		await().until(() -> this.gone.size() == 1);
	}

	@Test
	void pauseIsForEverybody() throws InterruptedException {
		RateLimiter limiter = limiter(PerMinute.UNLIMITED);
		RateLimiter.Share first = limiter.acquire(SMALL, this.permits);
		RateLimiter.Share second = limiter.acquire(SMALL, this.permits);
		first.failed(rateLimit(Duration.ofSeconds(30)));
		second.failed(rateLimit(Duration.ofSeconds(10)));
		start("waiting", limiter, SMALL);
		pass(Duration.ofSeconds(29));
		assertWaits();
		pass(Duration.ofSeconds(1));
		await().until(() -> this.gone.size() == 1);
	}

	@Test
	void pauseThatIsTooLongIsNotWaitedFor() throws InterruptedException {
		RateLimiter limiter = limiter(PerMinute.UNLIMITED);
		limiter.acquire(SMALL, this.permits).failed(rateLimit(Duration.ofSeconds(Long.MAX_VALUE)));
		limiter.acquire(SMALL, this.permits).failed(rateLimit(LONGEST_PAUSE.plusNanos(1)));
		limiter.acquire(SMALL, this.permits).failed(rateLimit(null));
		limiter.acquire(SMALL, this.permits).failed(new OverloadedException(error(529, Duration.ofSeconds(30)), null));
		limiter.acquire(SMALL, this.permits);
	}

	@Test
	void reportIsFollowedUnlessItTakesTooLong() throws InterruptedException {
		RateLimiter limiter = limiter(PerMinute.UNLIMITED);
		limiter.acquire(SMALL, this.permits).reported(requests(20, 0, Duration.ofDays(1)));
		limiter.acquire(SMALL, this.permits).reported(requests(10, 0, Duration.ofMillis(60_001)));
		start("waiting", limiter, SMALL);
		pass(Duration.ofSeconds(5));
		assertWaits();
		pass(Duration.ofSeconds(1));
		await().until(() -> this.gone.size() == 1);
	}

	@Test
	void reportOfMoreEndsTheWait() throws InterruptedException {
		RateLimiter limiter = limiter(PerMinute.UNLIMITED);
		RateLimiter.Share first = limiter.acquire(SMALL, this.permits);
		RateLimiter.Share second = limiter.acquire(SMALL, this.permits);
		first.reported(requests(10, 0, Duration.ofSeconds(60)));
		start("waiting", limiter, SMALL);
		second.reported(requests(10, 5, Duration.ofSeconds(30)));
		await().until(() -> this.gone.size() == 1);
	}

	@Test
	void requestLargerThanTheLimitGoes() throws InterruptedException {
		RateLimiter limiter = limiter(new PerMinute(null, 600));
		TokenEstimate huge = new TokenEstimate(1_000_000, Integer.MAX_VALUE);
		limiter.acquire(huge, this.permits);
		start("waiting", limiter, huge);
		pass(Duration.ofSeconds(59));
		assertWaits();
		pass(Duration.ofSeconds(1));
		await().until(() -> this.gone.size() == 1);
	}

	@Test
	void realTokensTakeThePlaceOfTheEstimate() throws InterruptedException {
		RateLimiter limiter = limiter(new PerMinute(null, 600));
		RateLimiter.Share share = limiter.acquire(new TokenEstimate(10, 500), this.permits);
		start("waiting", limiter, SMALL);
		assertWaits();
		share.answered(5, 5);
		pass(Duration.ofSeconds(1));
		await().until(() -> this.gone.size() == 1);
	}

	@Test
	void answersAreExpectedToBeAsLongAsTheLastOnes() throws InterruptedException {
		RateLimiter limiter = limiter(new PerMinute(null, 600));
		TokenEstimate open = new TokenEstimate(10, 500);
		limiter.acquire(open, this.permits).answered(10, 10);
		pass(Duration.ofSeconds(2));
		limiter.acquire(open, this.permits);
		start("waiting", limiter, open);
		pass(Duration.ofSeconds(2));
		await().until(() -> this.gone.size() == 1);
	}

	@Test
	void tokensOfARefusedCallAreGivenBack() throws InterruptedException {
		RateLimiter limiter = limiter(new PerMinute(null, 600));
		limiter.acquire(new TokenEstimate(100, 500), this.permits)
			.failed(new OverloadedException(error(529, null), null));
		limiter.acquire(SMALL, this.permits)
			.failed(new ProviderTimeoutException(ProviderError.of("acme", "it did not answer"), null));
		start("waiting", limiter, SMALL);
		assertWaits();
		pass(Duration.ofSeconds(2));
		await().until(() -> this.gone.size() == 1);
	}

	@Test
	void countsThatMakeNoSenseAreHarmless() throws InterruptedException {
		RateLimiter limiter = limiter(new PerMinute(600, 600));
		limiter.acquire(SMALL, this.permits).answered(Long.MAX_VALUE, Long.MAX_VALUE);
		pass(Duration.ofSeconds(70));
		limiter.acquire(SMALL, this.permits).answered(Long.MIN_VALUE, -1);
		pass(Duration.ofSeconds(70));
		limiter.acquire(SMALL, this.permits);
	}

	@Test
	void promptsAndAnswersAreCountedApart() throws InterruptedException {
		RateLimiter limiter = limiter(PerMinute.UNLIMITED);
		TokenEstimate estimate = new TokenEstimate(100, 4096);
		RateLimitStatus apart = new RateLimitStatus(null, remaining(1000, 900), remaining(1000, 900),
				remaining(1000, 1000));
		limiter.acquire(estimate, this.permits).reported(apart);
		limiter.acquire(estimate, this.permits);
		RateLimitStatus noAnswers = new RateLimitStatus(null, null, null, remaining(1000, 0));
		limiter.acquire(estimate, this.permits).reported(noAnswers);
		start("waiting", limiter, estimate);
		assertWaits();
	}

	private static Remaining remaining(long limit, long remaining) {
		return new Remaining(limit, remaining, Duration.ofMinutes(1));
	}

	private static RateLimitStatus requests(long limit, long remaining, Duration untilFull) {
		return new RateLimitStatus(new Remaining(limit, remaining, untilFull), null, null, null);
	}

	private static RateLimitException rateLimit(@Nullable Duration retryAfter) {
		return new RateLimitException(error(429, retryAfter), null);
	}

	private static ProviderError error(int status, @Nullable Duration retryAfter) {
		return new ProviderError("acme", "no", status, null, null, null, null, retryAfter);
	}

	private RateLimiter limiter(PerMinute limits) throws InterruptedException {
		RateLimiter limiter = new RateLimiter(limits, 1, LONGEST_PAUSE, this.now::get);
		this.first = limiter.acquire(new TokenEstimate(0, 0), new Semaphore(1));
		return limiter;
	}

	/**
	 * Let time pass. Who waits does so by the system's clock, and only looks at this one
	 * again when something changes.
	 */
	private void pass(Duration time) {
		this.now.addAndGet(time.toNanos());
		requireFirst().reported(new RateLimitStatus(null, null,
				new Remaining(Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ZERO), null));
	}

	private RateLimiter.Share requireFirst() {
		return Objects.requireNonNull(this.first);
	}

	private void assertWaits() {
		Thread last = this.threads.get(this.threads.size() - 1);
		await().until(() -> last.getState() == Thread.State.TIMED_WAITING);
		assertThat(this.gone).isEmpty();
	}

	private Thread start(String name, RateLimiter limiter, TokenEstimate estimate) {
		Thread thread = new Thread(() -> {
			try {
				limiter.acquire(estimate, this.permits);
				this.gone.add(name);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		this.threads.add(thread);
		thread.start();
		await().until(() -> thread.getState() != Thread.State.NEW && thread.getState() != Thread.State.RUNNABLE);
		return thread;
	}

}
