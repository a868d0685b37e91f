package io.github.llmcache.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import io.github.llmcache.InferenceCancelledException;
import org.jspecify.annotations.Nullable;

/**
 * Makes several calls at the same time, as far as other threads are free to help. The
 * thread that wants them makes them itself otherwise: it never waits for a free thread of
 * a pool, which may be its own. Used once.
 */
final class SampleCalls {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final IntFunction<CallAnswer> call;

	private final Deque<Integer> sizes;

	private final Consumer<CallAnswer> answers;

	private final List<Future<?>> helpers = new ArrayList<>();

	private @Nullable Throwable failure;

	private int running;

	private int received;

	private int fewest = Integer.MAX_VALUE;

	/**
	 * Prepare calls.
	 * @param call makes a call for a number of samples
	 * @param sizes the number of samples of each call
	 * @param answers given each answer as it comes
	 */
	SampleCalls(IntFunction<CallAnswer> call, List<Integer> sizes, Consumer<CallAnswer> answers) {
		this.call = call;
		this.sizes = new ArrayDeque<>(sizes);
		this.answers = answers;
	}

	/**
	 * Make the calls. After one has failed, no more are begun. Returns when none is under
	 * way any more; if the current thread is interrupted, the others are as well.
	 * @param tasks where to look for help
	 * @param most the most calls at the same time
	 * @return the failure of the first call that failed, or {@code null}
	 */
	@Nullable RuntimeException run(InferenceTasks tasks, int most) {
		askForHelp(tasks, Math.min(this.sizes.size(), most) - 1);
		boolean interrupted = false;
		boolean left = true;
		while (left) {
			work(false);
			try {
				left = awaitOthers();
			}
			catch (InterruptedException ex) {
				interrupted = true;
				fail(new InferenceCancelledException("Interrupted while waiting for further samples", ex));
				this.helpers.forEach((helper) -> helper.cancel(true));
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		if (this.failure instanceof Error error) {
			throw error;
		}
		return (RuntimeException) this.failure;
	}

	private void askForHelp(InferenceTasks tasks, int count) {
		try {
			for (int i = 0; i < count; i++) {
				this.helpers.add(tasks.submit(() -> help(tasks)));
			}
		}
		catch (InferenceCancelledException ex) {
			// Closed, which ends no calls on threads of the application
		}
	}

	private void help(InferenceTasks tasks) {
		try {
			tasks.requireOpen();
			work(true);
		}
		catch (InferenceCancelledException ex) {
			// Closed before it began, and so nothing is missing
		}
	}

	private void work(boolean helper) {
		Integer size = begin();
		while (size != null) {
			try {
				CallAnswer answer = this.call.apply(size);
				this.answers.accept(answer);
				end(size, answer.response().samples().size());
			}
			catch (RuntimeException | Error ex) {
				if (helper && ex instanceof InferenceCancelledException) {
					giveBack(size);
					return;
				}
				fail(ex);
				end(0, 0);
			}
			size = begin();
		}
	}

	private @Nullable Integer begin() {
		this.lock.lock();
		try {
			Integer size = (this.failure == null) ? this.sizes.poll() : null;
			this.running += (size != null) ? 1 : 0;
			return size;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void end(int asked, int received) {
		this.lock.lock();
		try {
			this.running--;
			this.received += received;
			if (received < asked) {
				this.fewest = Math.min(this.fewest, received);
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Leave a call to the others, for only the helper has been cancelled.
	 */
	private void giveBack(int size) {
		this.lock.lock();
		try {
			this.running--;
			this.sizes.addFirst(size);
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
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
		return this.failure == null && !this.sizes.isEmpty();
	}

	/**
	 * Return how many samples there were in all answers, after the calls were made.
	 */
	int received() {
		return this.received;
	}

	/**
	 * Return how many samples there were in the smallest answer that had fewer than it
	 * was asked for, or the highest number if none had.
	 */
	int fewest() {
		return this.fewest;
	}

}
