package io.github.llmcache.pricing;

import java.math.BigDecimal;
import java.util.Objects;

import io.github.llmcache.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What tokens cost, in US dollars per million.
 * <p>
 * A price that is {@code null} is not known to differ: tokens read from the prompt cache
 * or written to it are then charged like other input, and tokens written for a long time
 * like those written for a short time. A price of 0 is a price: these tokens are free.
 *
 * @param input the price of input
 * @param output the price of output, including reasoning
 * @param cachedInput the price of input that was read from the provider's prompt cache
 * @param cacheWrite the price of input that was written to the provider's prompt cache
 * for a short time
 * @param longCacheWrite the price of input that was written to the provider's prompt
 * cache for a long time
 */
public record TokenPrices(BigDecimal input, BigDecimal output, @Nullable BigDecimal cachedInput,
		@Nullable BigDecimal cacheWrite, @Nullable BigDecimal longCacheWrite) {

	/* Beyond these an exact product could take any amount of memory */

	private static final BigDecimal MAX_PRICE = BigDecimal.valueOf(1_000_000_000);

	private static final int MAX_SCALE = 30;

	public TokenPrices {
		Objects.requireNonNull(input, "'input' must not be null");
		Objects.requireNonNull(output, "'output' must not be null");
		check("input", input);
		check("output", output);
		check("cachedInput", cachedInput);
		check("cacheWrite", cacheWrite);
		check("longCacheWrite", longCacheWrite);
	}

	/**
	 * Create prices that do not depend on the provider's prompt cache.
	 * @param input the price of input
	 * @param output the price of output
	 * @return the prices
	 */
	public static TokenPrices of(BigDecimal input, BigDecimal output) {
		return new TokenPrices(input, output, null, null, null);
	}

	/**
	 * Create prices of a model that charges less for input that it has cached.
	 * @param input the price of input
	 * @param output the price of output
	 * @param cachedInput the price of cached input
	 * @return the prices
	 */
	public static TokenPrices of(BigDecimal input, BigDecimal output, @Nullable BigDecimal cachedInput) {
		return new TokenPrices(input, output, cachedInput, null, null);
	}

	/**
	 * Return the cost of a usage.
	 * @param usage a usage whose parts fit into their wholes
	 * @return the exact cost in millionths of a dollar
	 */
	BigDecimal cost(Usage usage) {
		BigDecimal shortWrite = (this.cacheWrite != null) ? this.cacheWrite : this.input;
		long uncached = usage.inputTokens() - usage.cachedInputTokens() - usage.cacheWriteTokens()
				- usage.longCacheWriteTokens();
		return times(uncached, this.input).add(times(usage.outputTokens(), this.output))
			.add(times(usage.cachedInputTokens(), (this.cachedInput != null) ? this.cachedInput : this.input))
			.add(times(usage.cacheWriteTokens(), shortWrite))
			.add(times(usage.longCacheWriteTokens(), (this.longCacheWrite != null) ? this.longCacheWrite : shortWrite));
	}

	private static BigDecimal times(long tokens, BigDecimal price) {
		return price.multiply(BigDecimal.valueOf(tokens));
	}

	private static void check(String name, @Nullable BigDecimal price) {
		if (price == null) {
			return;
		}
		if (price.signum() < 0) {
			throw new IllegalArgumentException("'%s' must not be negative".formatted(name));
		}
		if (price.compareTo(MAX_PRICE) > 0 || price.scale() > MAX_SCALE) {
			throw new IllegalArgumentException("'%s' must be at most %s with at most %d decimal places".formatted(name,
					MAX_PRICE.toPlainString(), MAX_SCALE));
		}
	}

}
