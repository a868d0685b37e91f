package io.github.llmcache.inference;

import java.time.Duration;

import io.github.llmcache.InferenceCancelledException;

/**
 * Waits for another process that makes the same call. Asks often at first and then less
 * often, so that short calls are not made longer and long ones cost little. Used by one
 * thread.
 */
final class LeaseWait {

	private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

	/** A pause is this part of what has been waited so far. */
	private static final int PART = 4;

	private final long start = System.nanoTime();

	private final Duration patience;

	/**
	 * Begin to wait.
	 * @param patience the most time to wait
	 */
	LeaseWait(Duration patience) {
		this.patience = patience;
	}

	/**
	 * Wait until it is worth asking again.
	 * @return whether it is; if not, the other process has had all the time that a call
	 * takes
	 * @throws InferenceCancelledException if the current thread is interrupted
	 */
	boolean pause() {
		Duration waited = Duration.ofNanos(System.nanoTime() - this.start);
		if (waited.compareTo(this.patience) >= 0) {
			return false;
		}
		try {
			Thread.sleep(pause(waited).toMillis());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InferenceCancelledException("Interrupted while waiting for an identical request", ex);
		}
	}

	private static Duration pause(Duration waited) {
		Duration pause = waited.dividedBy(PART);
		if (pause.compareTo(SHORTEST_PAUSE) < 0) {
			return SHORTEST_PAUSE;
		}
		return (pause.compareTo(LONGEST_PAUSE) > 0) ? LONGEST_PAUSE : pause;
	}

}
