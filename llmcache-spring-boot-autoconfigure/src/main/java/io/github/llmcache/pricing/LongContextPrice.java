package io.github.llmcache.pricing;

import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a model costs for a request with much input. The prices hold for the whole
 * request, not only for the tokens beyond the threshold.
 *
 * @param above the number of input tokens above which these prices hold: a request of
 * exactly as many has the ordinary ones. Cached input counts
 * @param standard the prices of an ordinary request
 * @param batch the prices in the provider's batch API, or {@code null} if they are
 * unknown
 * @param serviceTiers the prices by service tier, other than the standard one
 */
public record LongContextPrice(long above, TokenPrices standard, @Nullable TokenPrices batch,
		Map<String, TokenPrices> serviceTiers) {

	public LongContextPrice {
		Objects.requireNonNull(standard, "'standard' must not be null");
		if (above < 0) {
			throw new IllegalArgumentException("'above' must not be negative");
		}
		serviceTiers = Map.copyOf(serviceTiers);
	}

}
