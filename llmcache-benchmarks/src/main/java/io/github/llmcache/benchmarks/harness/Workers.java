package io.github.llmcache.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that do the same at the same time.
 */
public final class Workers implements AutoCloseable {

	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "worker");
		thread.setDaemon(true);
		return thread;
	});

	/**
	 * Do something with a number of threads.
	 * @param threads how many
	 * @param task what each of them does
	 * @return the nanoseconds from the common start until the last one has finished
	 * @throws Exception if one of them fails
	 */
	public long run(int threads, Task task) throws Exception {
		if (threads == 1) {
			long start = System.nanoTime();
			task.run(0);
			return System.nanoTime() - start;
		}
		CountDownLatch ready = new CountDownLatch(threads);
		CountDownLatch go = new CountDownLatch(1);
		List<Future<?>> futures = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			int thread = i;
			futures.add(this.executor.submit(() -> {
				ready.countDown();
				go.await();
				task.run(thread);
				return thread;
			}));
		}
		ready.await();
		long start = System.nanoTime();
		go.countDown();
		for (Future<?> future : futures) {
			future.get();
		}
		return System.nanoTime() - start;
	}

	/**
	 * Do something beside the calling thread.
	 * @param task what to do
	 * @return its end
	 */
	public Future<?> start(Task task) {
		return this.executor.submit(() -> {
			task.run(0);
			return task;
		});
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	/**
	 * What a thread does.
	 */
	@FunctionalInterface
	public interface Task {

		/**
		 * Do it.
		 * @param thread the number of the thread, from 0
		 * @throws Exception if it fails
		 */
		void run(int thread) throws Exception;

	}

}
