package io.github.llmcache.sample;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

/**
 * An answer to a question.
 *
 * @param text the text
 * @param cached whether it was in the cache
 * @param cost dollars that it cost now, or {@code null} if the price is unknown
 * @param savedCost dollars that were saved, or {@code null} if the price is unknown
 * @param milliseconds how long it took
 * @param model the model that was asked
 */
record Answer(String text, boolean cached, @Nullable BigDecimal cost, @Nullable BigDecimal savedCost,
		double milliseconds, String model) {

}
