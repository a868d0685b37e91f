package io.github.llmcache.pricing;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Prices from one origin.
 */
final class PriceCatalog {

	static final PriceCatalog EMPTY = new PriceCatalog(Map.of());

	private final Map<PriceKey, NavigableMap<Instant, ModelPrice>> prices;

	/**
	 * Create a catalog.
	 * @param prices the prices, each with the time from which it holds
	 */
	PriceCatalog(Map<PriceKey, NavigableMap<Instant, ModelPrice>> prices) {
		this.prices = Map.copyOf(prices);
	}

	static PriceCatalog ofConstant(Map<PriceKey, ModelPrice> prices) {
		Map<PriceKey, NavigableMap<Instant, ModelPrice>> result = new HashMap<>();
		for (Map.Entry<PriceKey, ModelPrice> price : prices.entrySet()) {
			result.put(price.getKey(), new TreeMap<>(Map.of(Instant.MIN, price.getValue())));
		}
		return new PriceCatalog(result);
	}

	/**
	 * Find a price: that of the model itself, else that of the model of which it is a
	 * snapshot; of the first provider that has one, else of any provider.
	 * @param providers the names of the provider
	 * @param model the model
	 * @param at the time at which the price holds
	 * @return the price, or {@code null} if there is none
	 */
	@Nullable ModelPrice find(List<String> providers, String model, Instant at) {
		ModelPrice price = findExactly(providers, model, at);
		if (price != null) {
			return price;
		}
		Matcher snapshot = SnapshotHolder.SNAPSHOT.matcher(model);
		return snapshot.matches() ? findExactly(providers, snapshot.group("model"), at) : null;
	}

	private @Nullable ModelPrice findExactly(List<String> providers, String model, Instant at) {
		for (String provider : providers) {
			ModelPrice price = get(new PriceKey(provider, model), at);
			if (price != null) {
				return price;
			}
		}
		return get(new PriceKey(null, model), at);
	}

	private @Nullable ModelPrice get(PriceKey key, Instant at) {
		NavigableMap<Instant, ModelPrice> prices = this.prices.get(key);
		if (prices == null) {
			return null;
		}
		Map.Entry<Instant, ModelPrice> price = prices.floorEntry(at);
		return (price != null) ? price.getValue() : null;
	}

	Map<PriceKey, NavigableMap<Instant, ModelPrice>> prices() {
		return this.prices;
	}

	/**
	 * Not in the catalog itself, which is created when an application starts.
	 */
	private static final class SnapshotHolder {

		private static final String MONTH_AND_DAY = "(0[1-9]|1[0-2])%1$s(0[1-9]|[12]\\d|3[01])";

		/* -2024-08-06, -20241022, @20250514, -0613 and -latest, but no other suffix */
		static final Pattern SNAPSHOT = Pattern.compile("(?<model>.+)(-20\\d\\d-" + MONTH_AND_DAY.formatted("-")
				+ "|[-@]20\\d\\d" + MONTH_AND_DAY.formatted("") + "|-" + MONTH_AND_DAY.formatted("") + "|-latest)");

	}

}
