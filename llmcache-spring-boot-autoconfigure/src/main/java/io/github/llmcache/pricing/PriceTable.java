package io.github.llmcache.pricing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What calls cost. Prices that an application states itself come before those of a
 * {@link CommunityPriceFile}, and these before those that are bundled.
 * <p>
 * Within each of the three a model has the price that is listed for its id. Else, if the
 * id ends with a date or with {@code -latest}, it has the price that is listed for the id
 * without this suffix. No other resemblance counts: {@code gpt-4o-mini} is never priced
 * as {@code gpt-4o}.
 * <p>
 * Tables are immutable.
 */
public final class PriceTable {

	/* A price per million tokens in dollars is one per token in millionths of a dollar */
	private static final BigDecimal NANOS = BigDecimal.valueOf(1000);

	private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

	private final PriceCatalog overrides;

	private final PriceCatalog file;

	private final boolean bundled;

	private final Map<String, Optional<String>> pricedAs;

	private PriceTable(Builder builder) {
		this.overrides = PriceCatalog.ofConstant(builder.overrides);
		this.file = builder.file;
		this.bundled = builder.bundled;
		this.pricedAs = Map.copyOf(builder.pricedAs);
	}

	/**
	 * Create a table of the bundled prices. They are read when they are first needed.
	 * @return the table
	 */
	public static PriceTable bundled() {
		return builder().build();
	}

	/**
	 * Create a builder of a table.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return what a call costs.
	 * @param query the call
	 * @return the cost in billionths of a US dollar, rounded half up, or {@code null} if
	 * it is unknown: the model, the service tier or the batch API has no known price, the
	 * numbers of tokens contradict each other, or the cost is greater than a long. An
	 * unknown cost is never 0
	 */
	public @Nullable Long costNanos(PriceQuery query) {
		if (!query.consistent()) {
			return null;
		}
		ModelPrice price = find(query);
		TokenPrices prices = (price != null) ? price.pricesFor(query) : null;
		if (prices == null) {
			return null;
		}
		BigDecimal nanos = prices.cost(query.usage()).multiply(NANOS).setScale(0, RoundingMode.HALF_UP);
		return (nanos.compareTo(MAX) <= 0) ? Long.valueOf(nanos.longValueExact()) : null;
	}

	private @Nullable ModelPrice find(PriceQuery query) {
		String provider = query.provider();
		ModelPrice price = this.overrides.find(List.of(provider), query.model(), query.at());
		if (price != null) {
			return price;
		}
		Optional<String> pricedAs = this.pricedAs.getOrDefault(provider, Optional.of(provider));
		List<String> providers = pricedAs.isEmpty() ? List.of() : List.of(provider, pricedAs.get());
		price = this.file.find(providers, query.model(), query.at());
		if (price != null || !this.bundled || pricedAs.isEmpty()) {
			return price;
		}
		return BundledPrices.catalog().find(List.of(pricedAs.get()), query.model(), query.at());
	}

	/**
	 * Builder of a {@link PriceTable}.
	 */
	public static final class Builder {

		private final Map<PriceKey, ModelPrice> overrides = new HashMap<>();

		private final Map<String, Optional<String>> pricedAs = new HashMap<>(Map.of("google", Optional.of("gemini")));

		private PriceCatalog file = PriceCatalog.EMPTY;

		private boolean bundled = true;

		private Builder() {
		}

		/**
		 * State the price of a model.
		 * @param name {@code provider/model}, or {@code model} for any provider. The
		 * former is preferred where both are stated. As ids of models contain slashes
		 * too, {@code a/b} is also the model {@code a/b} of any provider
		 * @param price the price
		 * @return this
		 */
		public Builder price(String name, ModelPrice price) {
			Objects.requireNonNull(price, "'price' must not be null");
			PriceKey.parse(name).forEach((key) -> this.overrides.put(key, price));
			return this;
		}

		/**
		 * State the prices of models.
		 * @param prices the prices by name
		 * @return this
		 * @see #price(String, ModelPrice)
		 */
		public Builder prices(Map<String, ModelPrice> prices) {
			prices.forEach(this::price);
			return this;
		}

		/**
		 * Use the prices of a file.
		 * @param file the file
		 * @return this
		 */
		public Builder file(CommunityPriceFile file) {
			this.file = file.catalog();
			return this;
		}

		/**
		 * State whether the bundled prices are used. They are by default.
		 * @param bundled whether to use them
		 * @return this
		 */
		public Builder bundled(boolean bundled) {
			this.bundled = bundled;
			return this;
		}

		/**
		 * State with which provider's listed prices a configured provider agrees. By
		 * default, it has those that are listed for its own name, so a provider that has
		 * another name has none, whichever protocol it speaks.
		 * @param provider the configured name of the provider
		 * @param listedProvider the provider whose prices it has, or {@code null} if it
		 * has none of those that are listed by provider, because it only shares its name
		 * with one that does
		 * @return this
		 */
		public Builder pricedAs(String provider, @Nullable String listedProvider) {
			this.pricedAs.put(provider, Optional.ofNullable(listedProvider));
			return this;
		}

		/**
		 * Build the table.
		 * @return the table
		 */
		public PriceTable build() {
			return new PriceTable(this);
		}

	}

}
