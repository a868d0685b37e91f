package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

import io.github.llmcache.InferenceCancelledException;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are made at the same time: on the calling thread, and on other ones as far
 * as there are any. The calling thread never waits for a call that nobody has begun, so
 * it may be one of those threads itself. Used by one thread.
 */
final class ParallelCalls {

	private final InferenceTasks tasks;

	private final int concurrency;

	private final Queue<Runnable> waiting;

	private final int count;

	private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

	private final List<Future<?>> helpers = new ArrayList<>();

	private volatile boolean failed;

	/**
	 * Create an instance.
	 * @param tasks runs calls on other threads
	 * @param concurrency the most calls at the same time
	 * @param calls the calls, each of which keeps what it gets
	 */
	ParallelCalls(InferenceTasks tasks, int concurrency, List<? extends Runnable> calls) {
		this.tasks = tasks;
		this.concurrency = concurrency;
		this.waiting = new ConcurrentLinkedQueue<>(calls);
		this.count = calls.size();
	}

	/**
	 * Make the calls. After a failure none is begun any more, but those that have been
	 * begun are waited for, because they are paid for.
	 * @throws InferenceCancelledException if the current thread is interrupted
	 */
	void run() {
		startHelpers();
		try {
			Throwable failure = collect();
			if (failure instanceof RuntimeException exception) {
				throw exception;
			}
			if (failure instanceof Error error) {
				throw error;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InferenceCancelledException("Interrupted while waiting for " + this.count + " calls", ex);
		}
		finally {
			this.waiting.clear();
			this.helpers.forEach((helper) -> helper.cancel(true));
		}
	}

	private void startHelpers() {
		int wanted = Math.min(this.count, this.concurrency) - 1;
		try {
			for (int i = 0; i < wanted; i++) {
				this.helpers.add(this.tasks.submit(this::help));
			}
		}
		catch (InferenceCancelledException ex) {
			// Closed: this thread is the application's, and goes on
		}
	}

	/**
	 * Runs on a thread of the executor.
	 */
	private void help() {
		this.tasks.requireOpen();
		Runnable call = next();
		while (call != null) {
			make(call);
			call = next();
		}
	}

	private @Nullable Runnable next() {
		return this.failed ? null : this.waiting.poll();
	}

	private void make(Runnable call) {
		Throwable failure = null;
		try {
			call.run();
		}
		catch (RuntimeException | Error ex) {
			failure = ex;
			this.failed = true;
		}
		this.outcomes.add(new Outcome(failure));
	}

	/**
	 * Wait for all that has been begun. Returns the first failure.
	 */
	private @Nullable Throwable collect() throws InterruptedException {
		Throwable failure = null;
		int left = this.count;
		while (left > 0) {
			Runnable call = next();
			if (call != null) {
				make(call);
			}
			Outcome outcome = this.outcomes.take();
			left--;
			failure = (failure != null) ? failure : outcome.failure();
			while (failure != null && this.waiting.poll() != null) {
				left--;
			}
		}
		return failure;
	}

	/**
	 * What came of a call.
	 */
	private record Outcome(@Nullable Throwable failure) {
	}

}
