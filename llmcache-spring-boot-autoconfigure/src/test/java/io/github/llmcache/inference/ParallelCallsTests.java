package io.github.llmcache.inference;

import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ParallelCalls}.
 */
@Timeout(60)
class ParallelCallsTests {

	private final ThreadPoolExecutor pool = (ThreadPoolExecutor) Executors.newFixedThreadPool(2);

	private final InferenceTasks tasks = new InferenceTasks(this.pool, Executors.newCachedThreadPool(),
			() -> ObservedContext.NONE);

	private final AtomicInteger made = new AtomicInteger();

	private final AtomicInteger begun = new AtomicInteger();

	@AfterEach
	void close() {
		this.tasks.close();
	}

	@Test
	void allCallsAreMadeOnce() {
		calls(100, 3, this.made::incrementAndGet).run();
		assertThat(this.made).hasValue(100);
	}

	@Test
	void callsAreMadeAtTheSameTimeButNotMoreThanThat() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CountDownLatch together = new CountDownLatch(3);
		calls(30, 3, () -> {
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			together.countDown();
			await(together);
			running.decrementAndGet();
		}).run();
		assertThat(most).hasValue(3);
	}

	@Test
	void checkedExceptionEndsTheCallsAsWell() {
		assertThatExceptionOfType(InferenceException.class)
			.isThrownBy(() -> calls(30, 3, ParallelCallsTests::<RuntimeException>fail).run())
			.withCauseInstanceOf(IOException.class);
	}

	/**
	 * Throws a checked exception as languages do that have none.
	 */
	@SuppressWarnings("unchecked")
	private static <E extends Exception> void fail() throws E {
		throw (E) new IOException("mine");
	}

	@Test
	void nobodyIsWaitedForWhoHasNotBegun() {
		CountDownLatch busy = new CountDownLatch(1);
		this.tasks.submit(() -> await(busy));
		this.tasks.submit(() -> await(busy));
		Thread caller = Thread.currentThread();
		calls(5, 5, () -> {
			assertThat(Thread.currentThread()).isSameAs(caller);
			this.made.incrementAndGet();
		}).run();
		assertThat(this.made).hasValue(5);
		busy.countDown();
	}

	@Test
	void tasksMayMakeCallsThemselves() {
		CyclicBarrier all = new CyclicBarrier(2);
		AtomicInteger ended = new AtomicInteger();
		for (int i = 0; i < 2; i++) {
			this.tasks.submit(() -> {
				await(all);
				calls(50, 50, this.made::incrementAndGet).run();
				ended.incrementAndGet();
			});
		}
		Awaitility.await().until(() -> ended.get() == 2);
		assertThat(this.made).hasValue(100);
	}

	@Test
	void callersOnAllThreadsOfTheExecutorDoNotWaitForEachOther() {
		AtomicInteger ended = new AtomicInteger();
		for (int i = 0; i < 20; i++) {
			this.pool.execute(() -> {
				calls(5, 4, this.made::incrementAndGet).run();
				ended.incrementAndGet();
			});
		}
		Awaitility.await().until(() -> ended.get() == 20);
		assertThat(this.made).hasValue(100);
	}

	@Test
	void noneIsBegunAfterAFailureAndThoseThatAreRunningAreWaitedFor() {
		Thread caller = Thread.currentThread();
		CyclicBarrier together = new CyclicBarrier(3);
		AtomicBoolean failed = new AtomicBoolean();
		CountDownLatch ended = new CountDownLatch(1);
		ParallelCalls calls = calls(50, 3, () -> {
			this.begun.incrementAndGet();
			await(together);
			if (Thread.currentThread() != caller && failed.compareAndSet(false, true)) {
				throw new IllegalStateException("first");
			}
			// The helper ends after all know that its call has failed
			Awaitility.await().until(() -> this.pool.getCompletedTaskCount() == 1);
			if (Thread.currentThread() == caller) {
				ended.countDown();
			}
			else {
				await(ended);
				Awaitility.await().until(() -> caller.getState() == Thread.State.WAITING);
			}
			this.made.incrementAndGet();
		});
		assertThatIllegalStateException().isThrownBy(calls::run).withMessage("first");
		assertThat(this.made).hasValue(2);
		assertThat(this.begun).hasValue(3);
		assertThat(caller.isInterrupted()).isFalse();
	}

	@Test
	void errorIsThrownAsItIs() {
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> calls(3, 2, () -> {
			throw new StackOverflowError();
		}).run());
	}

	@Test
	void interruptEndsWhatIsRunning() {
		CountDownLatch never = new CountDownLatch(1);
		AtomicInteger interrupted = new AtomicInteger();
		Thread caller = Thread.currentThread();
		Thread interrupting = new Thread(() -> {
			Awaitility.await().until(() -> this.begun.get() == 3);
			caller.interrupt();
		});
		interrupting.start();
		assertThatExceptionOfType(InferenceCancelledException.class).isThrownBy(() -> calls(9, 3, () -> {
			this.begun.incrementAndGet();
			try {
				await(never);
				this.made.incrementAndGet();
			}
			finally {
				interrupted.incrementAndGet();
			}
		}).run());
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.made).hasValue(0);
		assertThat(interrupted).hasValue(3);
		this.tasks.close();
		assertThat(this.pool.isTerminated()).isTrue();
	}

	@Test
	void whatAHelperLeavesIsMade() {
		CyclicBarrier together = new CyclicBarrier(2);
		Thread caller = Thread.currentThread();
		calls(4, 2, () -> {
			if (this.made.get() == 0) {
				await(together);
			}
			if (Thread.currentThread() != caller) {
				throw new InferenceCancelledException("the helper is closed", null);
			}
			this.made.incrementAndGet();
		}).run();
		assertThat(this.made).hasValue(4);
	}

	@Test
	void callingThreadMakesAllCallsIfThereIsNoOther() {
		this.tasks.close();
		calls(10, 4, this.made::incrementAndGet).run();
		assertThat(this.made).hasValue(10);
	}

	private ParallelCalls calls(int count, int concurrency, Runnable call) {
		return new ParallelCalls(this.tasks, concurrency, Collections.nCopies(count, call));
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InferenceCancelledException("Interrupted", ex);
		}
	}

	private static void await(CyclicBarrier barrier) {
		try {
			barrier.await();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
