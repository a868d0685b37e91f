package io.github.llmcache.inference;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.llmcache.InferenceCancelledException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ParallelCalls}.
 */
class ParallelCallsTests {

	private final ExecutorService executor = Executors.newFixedThreadPool(2);

	private final InferenceTasks tasks = new InferenceTasks(this.executor, Executors.newCachedThreadPool());

	private final AtomicInteger made = new AtomicInteger();

	private final AtomicInteger running = new AtomicInteger();

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
		AtomicInteger most = new AtomicInteger();
		CountDownLatch together = new CountDownLatch(3);
		calls(30, 3, () -> {
			most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			together.countDown();
			await(together);
			this.running.decrementAndGet();
		}).run();
		assertThat(most).hasValue(3);
	}

	@Test
	void callingThreadMayBeOneOfTheExecutors() throws Exception {
		List<Future<?>> nested = IntStream.range(0, 20)
			.<Future<?>>mapToObj((i) -> this.executor.submit(() -> calls(5, 4, this.made::incrementAndGet).run()))
			.toList();
		for (Future<?> one : nested) {
			one.get(1, TimeUnit.MINUTES);
		}
		assertThat(this.made).hasValue(100);
	}

	@Test
	void noneIsBegunAfterAFailureAndThoseThatAreRunningAreWaitedFor() {
		CountDownLatch together = new CountDownLatch(2);
		CountDownLatch failed = new CountDownLatch(1);
		ParallelCalls calls = calls(50, 2, () -> {
			int number = this.made.incrementAndGet();
			together.countDown();
			await(together);
			if (number == 1) {
				failed.countDown();
				throw new IllegalStateException("first");
			}
			await(failed);
			this.running.incrementAndGet();
		});
		assertThatIllegalStateException().isThrownBy(calls::run).withMessage("first");
		assertThat(this.running.get()).isEqualTo(this.made.get() - 1);
		// The second can have gone on to a third before the first had failed
		assertThat(this.made.get()).isBetween(2, 49);
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
		Thread caller = Thread.currentThread();
		Thread interrupting = new Thread(() -> {
			Awaitility.await().until(() -> this.running.get() == 3);
			caller.interrupt();
		});
		interrupting.start();
		assertThatExceptionOfType(InferenceCancelledException.class).isThrownBy(() -> calls(9, 3, () -> {
			this.running.incrementAndGet();
			await(never);
			this.made.incrementAndGet();
		}).run());
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.made).hasValue(0);
		this.tasks.close();
		assertThat(this.executor.isTerminated()).isTrue();
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

}
