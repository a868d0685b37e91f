package io.github.llmcache.cache.redis;

import java.time.Duration;

import io.github.llmcache.cache.Daemons;
import org.jspecify.annotations.Nullable;

/**
 * The one thread at a time that connects, so that nobody else waits for longer than they
 * want. Thread-safe.
 */
final class ConnectingThread {

	/**
	 * How long an end waits: to connect takes as long on a machine that is very busy. An
	 * application whose Redis does not answer ends so much later, or twice that.
	 */
	private static final long PATIENCE = Duration.ofSeconds(3).toMillis();

	private final String name;

	private @Nullable Thread thread;

	/**
	 * Create a thread that does nothing yet.
	 * @param name its name
	 */
	ConnectingThread(String name) {
		this.name = name;
	}

	/**
	 * Start to connect.
	 * @param task connects
	 * @return whether a thread could be started
	 */
	synchronized boolean start(Runnable task) {
		this.thread = Daemons.create(this.name, task);
		return Daemons.start(this.thread);
	}

	/**
	 * Let it end before what it connects with is stopped. Lettuce leaves open what is
	 * connected at that moment, and whoever waits for it would wait for ever.
	 */
	void end() {
		Thread thread = take();
		if (thread == null || thread == Thread.currentThread()) {
			return;
		}
		boolean interrupted = Thread.interrupted();
		try {
			thread.join(PATIENCE);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		thread.interrupt();
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return the thread, which is waited for once.
	 */
	private synchronized @Nullable Thread take() {
		Thread thread = this.thread;
		this.thread = null;
		return thread;
	}

}
