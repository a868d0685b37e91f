package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.util.function.Function;

import io.github.llmcache.cache.CacheStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a call of a provider has cost. Thread-safe.
 */
final class CallCost {

	private static final BigDecimal MAX_REPORTED = BigDecimal.valueOf(1_000_000);

	private CallCost() {
	}

	/**
	 * Return what a call has cost: what the provider says, or else the price of the model
	 * that was asked, or else that of the model that has answered.
	 * @param reported what the provider says, in US dollars, or {@code null}
	 * @param asked the model that was asked
	 * @param answered the model that has answered, or {@code null} if it is not known
	 * @param price gives the cost at the price of a model, in billionths of a US dollar,
	 * or {@code null} if it is not known
	 * @return the cost in billionths of a US dollar, or {@code null} if it is not known
	 */
	static @Nullable Long nanos(@Nullable BigDecimal reported, String asked, @Nullable String answered,
			Function<String, @Nullable Long> price) {
		if (reported != null) {
			return nanos(reported);
		}
		Long cost = price.apply(asked);
		return (cost == null && answered != null) ? price.apply(answered) : cost;
	}

	/**
	 * Return a reported cost, or {@code null} if it is more than anybody can have paid: a
	 * number that makes no sense must neither lose the answer nor spoil the sums.
	 */
	private static @Nullable Long nanos(BigDecimal reported) {
		return (reported.signum() >= 0 && reported.compareTo(MAX_REPORTED) <= 0) ? CacheStatistics.nanos(reported)
				: null;
	}

}
