package io.github.llmcache.pricing;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What a model costs at one provider.
 *
 * @param standard the prices of an ordinary request
 * @param batch the prices in the provider's batch API, or {@code null} if they are
 * unknown. They are never derived: what a batch saves differs between providers
 * @param serviceTiers the prices by service tier, other than the standard one
 * @param longContext the prices of requests with much input, by ascending threshold
 * @param peak the standard prices at busy times, or {@code null} if they are the same at
 * any time
 */
public record ModelPrice(TokenPrices standard, @Nullable TokenPrices batch, Map<String, TokenPrices> serviceTiers,
		List<LongContextPrice> longContext, @Nullable PeakPrice peak) {

	public ModelPrice {
		Objects.requireNonNull(standard, "'standard' must not be null");
		serviceTiers = Map.copyOf(serviceTiers);
		longContext = longContext.stream().sorted(Comparator.comparingLong(LongContextPrice::above)).toList();
	}

	/**
	 * Create a price that depends on nothing but the number of tokens.
	 * @param input US dollars for a million tokens of input
	 * @param output US dollars for a million tokens of output
	 * @return the price
	 */
	public static ModelPrice of(BigDecimal input, BigDecimal output) {
		return of(TokenPrices.of(input, output));
	}

	/**
	 * Create a price of ordinary requests.
	 * @param standard the prices
	 * @return the price
	 */
	public static ModelPrice of(TokenPrices standard) {
		return new ModelPrice(standard, null, Map.of(), List.of(), null);
	}

	/**
	 * Add the prices of the batch API.
	 * @param batch the prices
	 * @return a copy with {@code batch}
	 */
	public ModelPrice withBatch(TokenPrices batch) {
		return new ModelPrice(this.standard, batch, this.serviceTiers, this.longContext, this.peak);
	}

	/**
	 * Add the prices of a service tier.
	 * @param tier the name of the tier, as the provider spells it, in lower case
	 * @param prices the prices
	 * @return a copy with the tier
	 */
	public ModelPrice withServiceTier(String tier, TokenPrices prices) {
		Map<String, TokenPrices> tiers = new LinkedHashMap<>(this.serviceTiers);
		tiers.put(tier, prices);
		return new ModelPrice(this.standard, this.batch, tiers, this.longContext, this.peak);
	}

	/**
	 * Add the prices of requests with much input.
	 * @param price the prices
	 * @return a copy with the prices
	 */
	public ModelPrice withLongContext(LongContextPrice price) {
		return new ModelPrice(this.standard, this.batch, this.serviceTiers,
				Stream.concat(this.longContext.stream(), Stream.of(price)).toList(), this.peak);
	}

	@Nullable TokenPrices pricesFor(PriceQuery query) {
		TokenPrices standard = (this.peak != null && this.peak.contains(query.at())) ? this.peak.prices()
				: this.standard;
		TokenPrices batch = this.batch;
		Map<String, TokenPrices> tiers = this.serviceTiers;
		for (LongContextPrice price : this.longContext) {
			if (query.usage().inputTokens() > price.above()) {
				standard = price.standard();
				batch = price.batch();
				tiers = price.serviceTiers();
			}
		}
		if (query.batch()) {
			return batch;
		}
		String tier = query.specialServiceTier();
		return (tier != null) ? tiers.get(tier) : standard;
	}

}
