package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.RawBody;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.github.llmcache.cache.CachedResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SampleCalls}.
 */
@Timeout(60)
class SampleCallsTests {

	private final ExecutorService pool = Executors.newFixedThreadPool(2);

	private final InferenceTasks tasks = new InferenceTasks(this.pool, Executors.newCachedThreadPool());

	private final ConcurrentLinkedQueue<CallAnswer> answers = new ConcurrentLinkedQueue<>();

	@AfterEach
	void close() {
		this.tasks.close();
	}

	@Test
	void othersHelp() {
		CyclicBarrier together = new CyclicBarrier(3);
		SampleCalls calls = new SampleCalls((samples) -> {
			await(together);
			return answer(samples);
		}, List.of(4, 4, 2), this.answers::add);
		assertThat(calls.run(this.tasks, 3)).isNull();
		assertThat(this.answers).hasSize(3);
		assertThat(calls.received()).isEqualTo(10);
		assertThat(calls.fewest()).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void nobodyIsWaitedForWhoHasNotBegun() {
		CountDownLatch busy = new CountDownLatch(1);
		this.tasks.submit(() -> await(busy));
		this.tasks.submit(() -> await(busy));
		Thread caller = Thread.currentThread();
		SampleCalls calls = new SampleCalls((samples) -> {
			assertThat(Thread.currentThread()).isSameAs(caller);
			return answer(samples);
		}, Collections.nCopies(5, 1), this.answers::add);
		assertThat(calls.run(this.tasks, 5)).isNull();
		assertThat(this.answers).hasSize(5);
		busy.countDown();
	}

	@Test
	void callersOnAllThreadsOfAPoolDoNotWaitForEachOther() throws Exception {
		CyclicBarrier all = new CyclicBarrier(2);
		AtomicInteger ended = new AtomicInteger();
		for (int i = 0; i < 2; i++) {
			this.tasks.submit(() -> {
				await(all);
				new SampleCalls(SampleCallsTests::answer, Collections.nCopies(50, 1), this.answers::add).run(this.tasks,
						50);
				ended.incrementAndGet();
			});
		}
		Awaitility.await().until(() -> ended.get() == 2);
		assertThat(this.answers).hasSize(100);
	}

	@Test
	void noCallIsBegunAfterAFailureAndOthersAreWaitedFor() {
		CountDownLatch failed = new CountDownLatch(1);
		AtomicInteger begun = new AtomicInteger();
		Thread caller = Thread.currentThread();
		IllegalStateException failure = new IllegalStateException("failed");
		SampleCalls calls = new SampleCalls((samples) -> {
			if (begun.incrementAndGet() == 3) {
				failed.countDown();
				throw failure;
			}
			await(failed);
			return answer(samples);
		}, Collections.nCopies(20, 1), this.answers::add);
		assertThat(calls.run(this.tasks, 3)).isSameAs(failure);
		assertThat(begun.get()).isLessThanOrEqualTo(5);
		assertThat(this.answers).hasSize(begun.get() - 1);
		assertThat(caller.isInterrupted()).isFalse();
	}

	@Test
	void interruptEndsTheOthers() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		CyclicBarrier begun = new CyclicBarrier(4);
		AtomicReference<Throwable> failure = new AtomicReference<>();
		AtomicInteger interrupted = new AtomicInteger();
		CompletableFuture<Boolean> flag = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			failure.set(new SampleCalls((samples) -> {
				await(begun);
				try {
					never.await();
				}
				catch (InterruptedException ex) {
					interrupted.incrementAndGet();
					Thread.currentThread().interrupt();
					throw new InferenceCancelledException("interrupted", ex);
				}
				return answer(samples);
			}, Collections.nCopies(10, 1), this.answers::add).run(this.tasks, 3));
			flag.complete(Thread.currentThread().isInterrupted());
		});
		caller.start();
		await(begun);
		caller.interrupt();
		assertThat(flag.get(1, TimeUnit.MINUTES)).isTrue();
		assertThat(failure.get()).isInstanceOf(InferenceCancelledException.class);
		assertThat(interrupted).hasValue(3);
		assertThat(this.answers).isEmpty();
	}

	@Test
	void whatAHelperLeavesIsDone() {
		CyclicBarrier begun = new CyclicBarrier(2);
		Thread caller = Thread.currentThread();
		SampleCalls calls = new SampleCalls((samples) -> {
			if (this.answers.isEmpty()) {
				await(begun);
			}
			if (Thread.currentThread() != caller) {
				throw new InferenceCancelledException("the helper is closed", null);
			}
			return answer(samples);
		}, Collections.nCopies(4, 1), this.answers::add);
		assertThat(calls.run(this.tasks, 2)).isNull();
		assertThat(this.answers).hasSize(4);
	}

	@Test
	void closedTasksHelpNobody() {
		this.tasks.close();
		SampleCalls calls = new SampleCalls(SampleCallsTests::answer, List.of(1, 1), this.answers::add);
		assertThat(calls.run(this.tasks, 2)).isNull();
		assertThat(this.answers).hasSize(2);
	}

	@Test
	void errorIsThrown() {
		SampleCalls calls = new SampleCalls((samples) -> {
			throw new StackOverflowError();
		}, List.of(1, 1), this.answers::add);
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> calls.run(this.tasks, 2));
	}

	@Test
	void smallestAnswerThatWasTooSmallIsKnown() {
		SampleCalls calls = new SampleCalls((samples) -> answer(Math.min(samples, 3)), List.of(8, 4, 2),
				this.answers::add);
		assertThat(calls.run(this.tasks, 2)).isNull();
		assertThat(calls.received()).isEqualTo(8);
		assertThat(calls.fewest()).isEqualTo(3);
	}

	private static void await(CyclicBarrier barrier) {
		try {
			barrier.await();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static CallAnswer answer(int samples) {
		Sample sample = new Sample(ChatMessage.assistant("text"), FinishReason.STOP, null, null);
		List<Sample> all = Collections.nCopies(samples, sample);
		byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
		InferenceResponse response = new InferenceResponse("p", "m", Source.PROVIDER, all, Usage.NONE, BigDecimal.ZERO,
				BigDecimal.ZERO, RawBody.of(body), null, Instant.EPOCH, Duration.ZERO, Duration.ZERO, List.of());
		return new CallAnswer(response,
				new CachedResponse(body, samples, 0, 0, 0L, "STOP", Instant.EPOCH, Duration.ZERO, null), all, true);
	}

}
