package io.github.llmcache.inference;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.inference.ObservedContext.Scope;

/**
 * Runs what is asked on other threads, and ends it when the application ends: what runs
 * is interrupted, what waits fails at once instead of waiting forever. Thread-safe.
 */
final class InferenceTasks implements AutoCloseable {

	/** How long interrupted tasks have to save what they got. */
	private static final Duration TERMINATION_TIMEOUT = Duration.ofSeconds(10);

	private final Set<Thread> running = ConcurrentHashMap.newKeySet();

	private final ExecutorService executor;

	private final ExecutorService callbacks;

	private final Supplier<ObservedContext> context;

	private volatile boolean closed;

	/**
	 * Create an instance.
	 * @param executor runs the tasks
	 * @param callbacks runs what others do with their results. They may block there, and
	 * wait for more tasks
	 * @param context gives what is current for a thread that submits, and is to be so for
	 * what it submits
	 */
	InferenceTasks(ExecutorService executor, ExecutorService callbacks, Supplier<ObservedContext> context) {
		this.executor = executor;
		this.callbacks = callbacks;
		this.context = context;
	}

	/**
	 * Run a task. A tool that is run by a task may submit further ones, and wait for
	 * them.
	 * @param task the task; it calls {@link #requireOpen()} first, and deals with what
	 * that throws
	 * @return a future by which it can be interrupted
	 * @throws InferenceCancelledException if this is closed, or the operating system has
	 * no more threads
	 */
	Future<?> submit(Runnable task) {
		// Nobody waits on a thread of a bounded pool for another of its threads
		boolean nested = this.running.contains(Thread.currentThread());
		ObservedContext context = this.context.get();
		try {
			return (nested ? this.callbacks : this.executor).submit(() -> run(task, context));
		}
		catch (RejectedExecutionException ex) {
			throw new InferenceCancelledException("InferenceApi is closed", ex);
		}
		catch (OutOfMemoryError ex) {
			throw new InferenceCancelledException("No more threads can be started", ex);
		}
	}

	private void run(Runnable task, ObservedContext context) {
		this.running.add(Thread.currentThread());
		Scope scope = context.open();
		try {
			task.run();
		}
		finally {
			scope.close();
			this.running.remove(Thread.currentThread());
		}
	}

	/**
	 * Hand over a result, where whoever waits for it may do with it what he likes.
	 * @param handOver completes the result
	 */
	void handOver(Runnable handOver) {
		try {
			this.callbacks.execute(handOver);
		}
		catch (RejectedExecutionException ex) {
			// Closed: nobody is kept from running any more
			handOver.run();
		}
	}

	/**
	 * Check that the application goes on.
	 * @throws InferenceCancelledException if this is closed
	 */
	void requireOpen() {
		if (this.closed) {
			throw new InferenceCancelledException("InferenceApi is closed", null);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.executor.shutdown();
		this.running.forEach(Thread::interrupt);
		try {
			this.executor.awaitTermination(TERMINATION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.callbacks.shutdown();
	}

}
