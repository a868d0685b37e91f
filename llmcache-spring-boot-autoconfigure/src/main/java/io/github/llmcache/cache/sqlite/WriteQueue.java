package io.github.llmcache.cache.sqlite;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.llmcache.cache.Daemons;
import io.github.llmcache.cache.sqlite.GroupWriter.Write;
import org.jspecify.annotations.Nullable;

/**
 * What waits for being written, whose turn it is to write, and the life of the thread
 * that writes what had to wait.
 */
final class WriteQueue implements AutoCloseable {

	private static final int CAPACITY = 1024;

	/** A group is no larger than this, so that other processes have their turn. */
	private static final long MAX_GROUP_SIZE = 16 * 1024 * 1024;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition notEmpty = this.lock.newCondition();

	private final Condition notFull = this.lock.newCondition();

	/** The turn of a caller, or the thread. */
	private final Condition ended = this.lock.newCondition();

	private final Queue<Write<?>> waiting = new ArrayDeque<>();

	private final Duration keepAlive;

	private final Supplier<Thread> threadFactory;

	private @Nullable Thread thread;

	/** Whether somebody writes, or tidies up. */
	private boolean busy;

	/** Whether it is the thread that writes. */
	private boolean taken;

	private long lastUsed;

	private boolean closed;

	/**
	 * Create a queue.
	 * @param keepAlive how long the thread waits for something to do before it ends
	 * @param threadFactory makes a thread that {@linkplain #take() takes} from this queue
	 * until it gets nothing
	 */
	WriteQueue(Duration keepAlive, Supplier<Thread> threadFactory) {
		this.keepAlive = keepAlive;
		this.threadFactory = threadFactory;
	}

	/**
	 * Add a write, unless nobody writes and nothing is waiting: then it is the caller's
	 * turn. Waits while there are too many.
	 * @param write the write
	 * @return whether the caller has to do the write and then {@linkplain #endLead() end
	 * its turn}
	 */
	boolean addOrLead(Write<?> write) {
		this.lock.lock();
		try {
			while (this.waiting.size() >= CAPACITY) {
				this.notFull.awaitUninterruptibly();
			}
			while (true) {
				if (this.closed) {
					throw new IllegalStateException("The queue is closed");
				}
				if (!this.busy && this.waiting.isEmpty()) {
					this.busy = true;
					return true;
				}
				if (ensureThread()) {
					this.waiting.add(write);
					this.notEmpty.signal();
					return false;
				}
				// Then everybody has a turn, one after the other
				this.ended.awaitUninterruptibly();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * End the turn of a caller.
	 */
	void endLead() {
		this.lock.lock();
		try {
			endTurn();
			if (!this.closed) {
				// If only to tidy up after a while
				ensureThread();
			}
			this.notEmpty.signal();
			this.ended.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void endTurn() {
		this.busy = false;
		this.lastUsed = System.nanoTime();
	}

	/**
	 * Start the thread if there is none. Returns whether there is one.
	 */
	private boolean ensureThread() {
		if (this.thread == null) {
			Thread thread = this.threadFactory.get();
			this.thread = Daemons.start(thread) ? thread : null;
		}
		return this.thread != null;
	}

	/**
	 * Take a group; waits for one for a while. The turn of the thread that asks lasts
	 * until it asks again.
	 * @param tidyUp what to do before the thread that asks has to end because there is
	 * nothing more to do
	 * @return the group; empty if the thread that asks has to end
	 */
	List<Write<?>> take(Runnable tidyUp) {
		this.lock.lock();
		try {
			if (this.taken) {
				this.taken = false;
				endTurn();
			}
			boolean tidy = false;
			while (this.busy || this.waiting.isEmpty()) {
				if (!this.busy && (this.closed || tidy)) {
					this.thread = null;
					this.ended.signalAll();
					return List.of();
				}
				long nanos = this.keepAlive.toNanos() - (System.nanoTime() - this.lastUsed);
				if (this.busy || nanos > 0) {
					await(this.busy ? this.keepAlive.toNanos() : nanos);
				}
				else {
					tidyUp(tidyUp);
					tidy = true;
				}
			}
			this.busy = true;
			this.taken = true;
			return takeGroup();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Others may add meanwhile, and have to wait.
	 */
	private void tidyUp(Runnable action) {
		this.busy = true;
		this.lock.unlock();
		try {
			action.run();
		}
		finally {
			this.lock.lock();
			this.busy = false;
		}
	}

	private void await(long nanos) {
		try {
			this.notEmpty.awaitNanos(nanos);
		}
		catch (InterruptedException ex) {
			// Nobody but a stranger interrupts this thread, which goes on
		}
	}

	private List<Write<?>> takeGroup() {
		List<Write<?>> group = new ArrayList<>();
		long size = 0;
		Write<?> next = this.waiting.peek();
		while (next != null && (group.isEmpty() || size + next.size() <= MAX_GROUP_SIZE)) {
			group.add(next);
			size += next.size();
			this.waiting.remove();
			next = this.waiting.peek();
		}
		this.notFull.signalAll();
		return group;
	}

	int size() {
		this.lock.lock();
		try {
			return this.waiting.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until everything is written and the thread has ended. Nothing can be added any
	 * more.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.notEmpty.signal();
			while (this.thread != null || this.busy) {
				this.ended.awaitUninterruptibly();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
