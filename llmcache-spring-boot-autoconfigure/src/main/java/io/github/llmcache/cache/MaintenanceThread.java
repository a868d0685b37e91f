package io.github.llmcache.cache;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The thread that keeps a cache in order, from its first use until it is closed. It does
 * not keep the process from ending. Thread-safe.
 */
final class MaintenanceThread {

	private static final Log logger = LogFactory.getLog(CacheManager.class);

	/**
	 * What may be slow is not waited for longer, neither a round nor what is done last.
	 */
	private static final Duration LONGEST_WAIT = Duration.ofMillis(2500);

	/** Several processes should not do the same at the same time. */
	private static final double JITTER = 0.1;

	private final ReentrantLock lock = new ReentrantLock();

	private final Semaphore wakeUps = new Semaphore(0);

	private final Consumer<Boolean> round;

	private final Runnable last;

	private final long intervalNanos;

	private final RandomGenerator random;

	private @Nullable Thread thread;

	private volatile boolean closing;

	/**
	 * Create a thread, to be started.
	 * @param round what is done again and again. It is told whether somebody wants it
	 * done before it is time
	 * @param last what is done when the cache is closed
	 * @param interval about the time between two rounds
	 * @param random makes it different from that of other processes
	 */
	MaintenanceThread(Consumer<Boolean> round, Runnable last, Duration interval, RandomGenerator random) {
		this.round = round;
		this.last = last;
		this.intervalNanos = interval.toNanos();
		this.random = random;
	}

	/**
	 * Start it, unless it has been started.
	 */
	void start() {
		this.lock.lock();
		try {
			if (this.thread == null && !this.closing) {
				Thread thread = create(this::run);
				// Otherwise with the next first use of a model
				this.thread = Daemons.start(thread) ? thread : null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private static Thread create(Runnable task) {
		return Daemons.create("llmcache-maintenance", task);
	}

	/**
	 * Do the next round now, or as soon as the one that is under way is done.
	 */
	void wake() {
		if (this.wakeUps.availablePermits() == 0) {
			this.wakeUps.release();
		}
	}

	boolean isClosing() {
		return this.closing;
	}

	private void run() {
		try {
			while (!this.closing) {
				boolean woken = this.wakeUps.tryAcquire(nextInterval(), TimeUnit.NANOSECONDS);
				this.wakeUps.drainPermits();
				if (!this.closing) {
					run(() -> this.round.accept(woken));
				}
			}
		}
		catch (InterruptedException ex) {
			logger.debug("The maintenance of the cache was interrupted, and ends");
		}
		run(this.last);
	}

	private long nextInterval() {
		return (long) (this.intervalNanos * (1 - JITTER + 2 * JITTER * this.random.nextDouble()));
	}

	private static void run(Runnable work) {
		try {
			work.run();
		}
		catch (RuntimeException ex) {
			logger.debug("The maintenance of the cache failed", ex);
		}
	}

	/**
	 * End it after what it does last. What takes too long is not waited for.
	 */
	void close() {
		Thread thread;
		this.lock.lock();
		try {
			thread = this.thread;
			if (this.closing) {
				return;
			}
			this.closing = true;
		}
		finally {
			this.lock.unlock();
		}
		if (thread == null) {
			run(this.last);
			return;
		}
		this.wakeUps.release();
		try {
			thread.join(LONGEST_WAIT.toMillis());
			if (thread.isAlive()) {
				// By the time the round has ended, the store is closed
				Thread other = create(() -> run(this.last));
				if (Daemons.start(other)) {
					other.join(LONGEST_WAIT.toMillis());
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
