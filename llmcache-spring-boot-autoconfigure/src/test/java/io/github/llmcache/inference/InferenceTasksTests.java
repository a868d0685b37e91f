package io.github.llmcache.inference;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.llmcache.InferenceCancelledException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link InferenceTasks} where the operating system has one thread left.
 */
@Timeout(60)
class InferenceTasksTests {

	private final AtomicInteger started = new AtomicInteger();

	private final ExecutorService threads = new ThreadPoolExecutor(0, 10, 1, TimeUnit.MINUTES, new SynchronousQueue<>(),
			(task) -> {
				if (InferenceTasksTests.this.started.incrementAndGet() > 1) {
					throw new OutOfMemoryError("unable to create native thread");
				}
				return new Thread(task);
			});

	private final InferenceTasks tasks = new InferenceTasks(this.threads, Executors.newCachedThreadPool(),
			() -> ObservedContext.NONE);

	private final CyclicBarrier together = new CyclicBarrier(2);

	@AfterEach
	void close() {
		this.tasks.close();
	}

	@Test
	void taskWithoutAThreadFailsLikeOneOfAClosedApplication() {
		this.tasks.submit(this::meet);
		assertThatExceptionOfType(InferenceCancelledException.class).isThrownBy(() -> this.tasks.submit(this::meet))
			.withMessage("No more threads can be started");
		meet();
	}

	@Test
	void callsAreMadeByTheThreadsThatThereAre() {
		Queue<Integer> made = new ConcurrentLinkedQueue<>();
		new ParallelCalls(this.tasks, 6, IntStream.range(0, 6).<Runnable>mapToObj((i) -> () -> {
			meet();
			made.add(i);
		}).toList()).run();
		assertThat(made).hasSize(6);
		assertThat(this.started).hasValue(2);
	}

	private void meet() {
		try {
			this.together.await();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
