package io.github.llmcache;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * Is told how a call with many requests gets on.
 */
@FunctionalInterface
public interface Progress {

	/** Tells nobody. */
	Progress NONE = (update) -> {
	};

	/**
	 * Called on the thread that made the call, whenever requests have been completed and
	 * at least once at the end. An exception ends the call; what was answered by then
	 * stays stored.
	 * @param update the state so far
	 */
	void update(Update update);

	/**
	 * How far a call with many requests has got.
	 *
	 * @param total the number of requests
	 * @param completed how many of them are answered or have failed
	 * @param hits how many were answered from the cache, or together with an identical
	 * request of the same call
	 * @param misses how many were answered by a provider
	 * @param failures how many have failed
	 * @param spent US dollars paid so far, as far as prices are known
	 * @param saved US dollars saved so far, as far as prices are known
	 * @param elapsed the time since the call began
	 */
	record Update(int total, int completed, int hits, int misses, int failures, BigDecimal spent, BigDecimal saved,
			Duration elapsed) {
	}

}
