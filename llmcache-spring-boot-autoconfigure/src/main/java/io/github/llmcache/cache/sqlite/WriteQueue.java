package io.github.llmcache.cache.sqlite;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.llmcache.cache.sqlite.GroupWriter.Write;
import org.jspecify.annotations.Nullable;

/**
 * What waits for being written, and the life of the thread that writes it.
 */
final class WriteQueue implements AutoCloseable {

	private static final int CAPACITY = 1024;

	/** A group is no larger than this, so that other processes have their turn. */
	private static final long MAX_GROUP_SIZE = 16 * 1024 * 1024;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition notEmpty = this.lock.newCondition();

	private final Condition notFull = this.lock.newCondition();

	private final Condition ended = this.lock.newCondition();

	private final Queue<Write<?>> waiting = new ArrayDeque<>();

	private final Duration keepAlive;

	private final Supplier<Thread> threadFactory;

	private @Nullable Thread thread;

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
	 * Add a write; waits while there are too many.
	 * @param write the write
	 */
	void add(Write<?> write) {
		this.lock.lock();
		try {
			while (this.waiting.size() >= CAPACITY) {
				this.notFull.awaitUninterruptibly();
			}
			if (this.closed) {
				throw new IllegalStateException("The queue is closed");
			}
			if (this.thread == null) {
				startThread();
			}
			this.waiting.add(write);
			this.notEmpty.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void startThread() {
		Thread thread = this.threadFactory.get();
		thread.start();
		this.thread = thread;
	}

	/**
	 * Take a group; waits for one for a while.
	 * @param tidyUp what to do before the thread that asks has to end because there is
	 * nothing more to do; meanwhile others may add
	 * @return the group; empty if the thread that asks has to end
	 */
	List<Write<?>> take(Runnable tidyUp) {
		this.lock.lock();
		try {
			long nanos = this.keepAlive.toNanos();
			boolean tidy = false;
			while (this.waiting.isEmpty()) {
				if (this.closed || tidy) {
					this.thread = null;
					this.ended.signalAll();
					return List.of();
				}
				nanos = await(nanos);
				if (nanos <= 0 && this.waiting.isEmpty() && !this.closed) {
					runUnlocked(tidyUp);
					tidy = true;
				}
			}
			return takeGroup();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void runUnlocked(Runnable action) {
		this.lock.unlock();
		try {
			action.run();
		}
		finally {
			this.lock.lock();
		}
	}

	private long await(long nanos) {
		try {
			return this.notEmpty.awaitNanos(nanos);
		}
		catch (InterruptedException ex) {
			// Nobody but a stranger interrupts this thread
			return 0;
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
			while (this.thread != null) {
				this.ended.awaitUninterruptibly();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
