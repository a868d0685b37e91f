package io.github.llmcache.cache;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/**
 * What has been counted since the application started.
 *
 * @param since when counting began
 * @param total the sum over all models
 * @param models the counters by the model's id
 */
public record CacheStatistics(Instant since, ModelStatistics total, Map<String, ModelStatistics> models) {

	private static final int NANO_DIGITS = 9;

	public CacheStatistics {
		models = Map.copyOf(models);
	}

	/**
	 * Convert billionths of a US dollar.
	 * @param nanos billionths of a US dollar
	 * @return US dollars, exactly
	 */
	public static BigDecimal dollars(long nanos) {
		return (nanos == 0) ? BigDecimal.ZERO : BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros();
	}

	/**
	 * Convert US dollars.
	 * @param dollars US dollars
	 * @return billionths of a US dollar, rounded half up
	 * @throws ArithmeticException if they do not fit into a long
	 */
	public static long nanos(BigDecimal dollars) {
		return dollars.movePointRight(NANO_DIGITS).setScale(0, RoundingMode.HALF_UP).longValueExact();
	}

	/**
	 * The counters of one model, or of all.
	 *
	 * @param hits lookups that were answered
	 * @param misses lookups that were not answered, for whatever reason
	 * @param stale those of the misses whose entry could not be used: of another format,
	 * damaged, expired or too old for the request
	 * @param writes responses that were stored
	 * @param errors lookups and writes that failed in the store
	 * @param coalesced those of the misses that were answered together with an identical
	 * request
	 * @param spentNanos billionths of a US dollar paid to providers, as far as prices are
	 * known
	 * @param savedNanos billionths of a US dollar that the replayed responses had cost,
	 * as far as it is known
	 * @param savedTokens the tokens of the replayed responses
	 * @param unpricedCalls calls of providers whose price is unknown
	 * @param inputTokens the tokens of prompts that providers were asked
	 * @param outputTokens the tokens that providers answered
	 * @param evictions entries that were deleted to make room for others
	 * @param expirations entries that were deleted because they had expired
	 */
	public record ModelStatistics(long hits, long misses, long stale, long writes, long errors, long coalesced,
			long spentNanos, long savedNanos, long savedTokens, long unpricedCalls, long inputTokens, long outputTokens,
			long evictions, long expirations) {

		/** Nothing counted. */
		public static final ModelStatistics NONE = new ModelStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

		/**
		 * Add other counters.
		 * @param other the other counters
		 * @return the sums
		 */
		public ModelStatistics plus(ModelStatistics other) {
			return combine(other, ModelStatistics::sum);
		}

		/**
		 * Add up, to the largest number that there is: what is stored can be anything.
		 */
		private static long sum(long one, long other) {
			long sum = one + other;
			return (one > 0 && other > 0 && sum < 0) ? Long.MAX_VALUE : sum;
		}

		/**
		 * Return these counters without what nothing can have counted: negative numbers.
		 */
		ModelStatistics plausible() {
			return combine(NONE, (counted, zero) -> Math.max(counted, zero));
		}

		/**
		 * Subtract other counters.
		 */
		ModelStatistics minus(ModelStatistics other) {
			return combine(other, (mine, others) -> mine - others);
		}

		private ModelStatistics combine(ModelStatistics other, LongBinaryOperator with) {
			return new ModelStatistics(with.applyAsLong(this.hits, other.hits),
					with.applyAsLong(this.misses, other.misses), with.applyAsLong(this.stale, other.stale),
					with.applyAsLong(this.writes, other.writes), with.applyAsLong(this.errors, other.errors),
					with.applyAsLong(this.coalesced, other.coalesced),
					with.applyAsLong(this.spentNanos, other.spentNanos),
					with.applyAsLong(this.savedNanos, other.savedNanos),
					with.applyAsLong(this.savedTokens, other.savedTokens),
					with.applyAsLong(this.unpricedCalls, other.unpricedCalls),
					with.applyAsLong(this.inputTokens, other.inputTokens),
					with.applyAsLong(this.outputTokens, other.outputTokens),
					with.applyAsLong(this.evictions, other.evictions),
					with.applyAsLong(this.expirations, other.expirations));
		}

	}

}
