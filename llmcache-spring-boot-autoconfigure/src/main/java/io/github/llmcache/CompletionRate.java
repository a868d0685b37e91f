package io.github.llmcache;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import io.github.llmcache.Progress.Update;

/**
 * How fast requests have been completed lately. The average since the beginning would say
 * little of what is to come: what is cached is answered first, and at once.
 */
final class CompletionRate {

	private static final Duration WINDOW = Duration.ofSeconds(30);

	/** Updates may come by the thousand. */
	private static final Duration RESOLUTION = Duration.ofMillis(500);

	private final Deque<Update> updates = new ArrayDeque<>();

	private Update latest = new Update(0, 0, 0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO, Duration.ZERO);

	void add(Update update) {
		this.latest = update;
		Update last = this.updates.peekLast();
		if (last == null || isLater(update, last, RESOLUTION)) {
			this.updates.addLast(update);
		}
		// The oldest that stays is the one before the window begins
		Update first = this.updates.removeFirst();
		while (!this.updates.isEmpty() && isLater(update, this.updates.getFirst(), WINDOW)) {
			first = this.updates.removeFirst();
		}
		this.updates.addFirst(first);
	}

	private static boolean isLater(Update update, Update other, Duration by) {
		return update.elapsed().minus(other.elapsed()).compareTo(by) >= 0;
	}

	/**
	 * Return the rate.
	 * @return requests a second; 0 if none has been completed or no time has passed
	 */
	double perSecond() {
		Update first = this.updates.peekFirst();
		if (first == null) {
			return 0;
		}
		long nanos = this.latest.elapsed().minus(first.elapsed()).toNanos();
		int completed = this.latest.completed() - first.completed();
		return (nanos > 0) ? completed * 1e9 / nanos : 0;
	}

}
