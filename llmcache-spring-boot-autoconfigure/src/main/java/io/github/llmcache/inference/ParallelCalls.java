package io.github.llmcache.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.github.llmcache.InferenceCancelledException;
import org.jspecify.annotations.Nullable;

/**
 * Makes several calls at the same time, as far as other threads are free to help. The
 * thread that wants them makes them itself otherwise: it never waits for a call that
 * nobody has begun, and so it may be a thread of the pool itself. Used once.
 */
final class ParallelCalls {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final List<Future<?>> helpers = new ArrayList<>();

	private final InferenceTasks tasks;

	private final int concurrency;

	private final Deque<Runnable> waiting;

	private @Nullable Throwable failure;

	private int running;

	/**
	 * Prepare calls.
	 * @param tasks where to look for help
	 * @param concurrency the most calls at the same time
	 * @param calls the calls, each of which keeps what it gets. One is made once more if
	 * it was cancelled because the thread that helped had to end
	 */
	ParallelCalls(InferenceTasks tasks, int concurrency, List<? extends Runnable> calls) {
		this.tasks = tasks;
		this.concurrency = concurrency;
		this.waiting = new ArrayDeque<>(calls);
	}

	/**
	 * Make the calls. After one has failed none is begun any more, but those that have
	 * been begun are waited for, because they are paid for. The failure of the first that
	 * failed is thrown.
	 * @throws InferenceCancelledException if the current thread is interrupted, which
	 * ends the others as well
	 */
	void run() {
		askForHelp(Math.min(this.waiting.size(), this.concurrency) - 1);
		boolean interrupted = false;
		boolean left = true;
		while (left) {
			work(false);
			try {
				left = awaitOthers();
			}
			catch (InterruptedException ex) {
				interrupted = true;
				fail(new InferenceCancelledException("Interrupted while waiting for calls", ex));
				cancelHelpers();
			}
		}
		// Whoever has not begun yet would find nothing to do
		cancelHelpers();
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		if (this.failure instanceof RuntimeException exception) {
			throw exception;
		}
		if (this.failure instanceof Error error) {
			throw error;
		}
		if (this.failure != null) {
			// A checked exception, of code in a language that has none
			throw BulkRun.known(this.failure);
		}
	}

	private void askForHelp(int count) {
		try {
			for (int i = 0; i < count; i++) {
				this.helpers.add(this.tasks.submit(this::help));
			}
		}
		catch (InferenceCancelledException ex) {
			// Closed, which ends no calls on threads of the application
		}
	}

	private void cancelHelpers() {
		this.helpers.forEach((helper) -> helper.cancel(true));
	}

	private void help() {
		try {
			this.tasks.requireOpen();
			work(true);
		}
		catch (InferenceCancelledException ex) {
			// Closed before it began, and so nothing is missing
		}
	}

	private void work(boolean helper) {
		Runnable call = begin();
		while (call != null) {
			try {
				call.run();
			}
			catch (Throwable ex) {
				if (helper && ex instanceof InferenceCancelledException) {
					giveBack(call);
					return;
				}
				fail(ex);
			}
			end();
			call = begin();
		}
	}

	private @Nullable Runnable begin() {
		this.lock.lock();
		try {
			Runnable call = (this.failure == null) ? this.waiting.poll() : null;
			this.running += (call != null) ? 1 : 0;
			return call;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void end() {
		this.lock.lock();
		try {
			this.running--;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Leave a call to the others, for only the helper has been cancelled.
	 */
	private void giveBack(Runnable call) {
		this.lock.lock();
		try {
			this.waiting.addFirst(call);
		}
		finally {
			this.lock.unlock();
		}
		end();
	}

	private void fail(Throwable failure) {
		this.lock.lock();
		try {
			this.failure = (this.failure != null) ? this.failure : failure;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until the others have ended, or left a call.
	 * @return whether there is a call left
	 */
	private boolean awaitOthers() throws InterruptedException {
		this.lock.lock();
		try {
			while (this.running > 0 && !isCallLeft()) {
				this.changed.await();
			}
			return isCallLeft();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isCallLeft() {
		return this.failure == null && !this.waiting.isEmpty();
	}

}
