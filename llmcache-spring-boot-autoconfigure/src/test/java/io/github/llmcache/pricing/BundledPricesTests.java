package io.github.llmcache.pricing;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BundledPrices}.
 */
class BundledPricesTests {

	@Test
	void saysWhereThePricesAreFromAndOfWhen() {
		JsonNode document = BundledPrices.read();
		assertThat(document.required("currency").asString()).isEqualTo("USD");
		assertThat(document.required("unit").asString()).isEqualTo("per million tokens");
		assertThat(document.required("date").asString()).matches("20\\d\\d-\\d\\d");
		assertThat(document.required("providers").propertyNames()).containsExactlyInAnyOrder("openai", "anthropic",
				"deepseek", "gemini");
		document.required("providers").forEach((provider) -> {
			assertThat(provider.required("date").asString()).matches("20\\d\\d-\\d\\d");
			assertThat(provider.required("source")).isNotEmpty()
				.allSatisfy((source) -> assertThat(source.asString()).startsWith("https://"));
		});
	}

	@Test
	void hasNoUnknownFields() {
		BundledPrices.read()
			.required("providers")
			.forEach((provider) -> provider.required("models").forEach(BundledPricesTests::checkFields));
	}

	private static void checkFields(JsonNode node) {
		if (node.isArray()) {
			node.forEach(BundledPricesTests::checkFields);
		}
		else if (node.isObject()) {
			assertThat(node.propertyNames()).isSubsetOf("from", "input", "output", "cachedInput", "cacheWrite",
					"longCacheWrite", "batch", "tiers", "longContext", "above", "peak", "days", "hours");
			Stream.of("batch", "longContext", "peak").filter(node::has).forEach((name) -> checkFields(node.get(name)));
			if (node.has("tiers")) {
				assertThat(node.get("tiers").propertyNames()).isSubsetOf("flex", "priority", "fast");
				node.get("tiers").forEach(BundledPricesTests::checkFields);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("prices")
	void isSane(PriceKey key, ModelPrice price) {
		assertThat(key.provider()).isNotNull();
		assertThat(price.standard()).satisfies(BundledPricesTests::checkPrices);
		checkNotAbove(price.batch(), price.standard());
		checkTiers(price.serviceTiers(), price.standard());
		BigDecimal input = price.standard().input();
		for (LongContextPrice longContext : price.longContext()) {
			checkPrices(longContext.standard());
			assertThat(longContext.above()).isGreaterThanOrEqualTo(100_000);
			assertThat(longContext.standard().input()).isGreaterThanOrEqualTo(input);
			assertThat(longContext.standard().output()).isGreaterThanOrEqualTo(price.standard().output());
			checkNotAbove(longContext.batch(), longContext.standard());
			checkTiers(longContext.serviceTiers(), longContext.standard());
			assertThat(price.serviceTiers().keySet()).containsAll(longContext.serviceTiers().keySet());
			assertThat(longContext.batch() != null).isEqualTo(price.batch() != null);
		}
		if (price.peak() != null) {
			checkPrices(price.peak().prices());
			checkNotAbove(price.standard(), price.peak().prices());
		}
	}

	private static void checkTiers(Map<String, TokenPrices> tiers, TokenPrices standard) {
		checkNotAbove(tiers.get("flex"), standard);
		checkNotAbove((tiers.containsKey("priority")) ? standard : null, tiers.get("priority"));
		assertThat(tiers.get("fast")).isIn(null, tiers.get("priority"));
		tiers.values().forEach(BundledPricesTests::checkPrices);
	}

	private static void checkNotAbove(@Nullable TokenPrices lower, @Nullable TokenPrices higher) {
		if (lower != null) {
			checkPrices(lower);
			assertThat(lower.input()).isLessThanOrEqualTo(Objects.requireNonNull(higher).input());
			assertThat(lower.output()).isLessThanOrEqualTo(higher.output());
		}
	}

	private static void checkPrices(TokenPrices prices) {
		assertThat(prices.input()).isNotNegative().isLessThan(new BigDecimal(1000));
		assertThat(prices.output()).isNotNegative().isLessThan(new BigDecimal(1000));
		if (prices.output().signum() != 0) {
			assertThat(prices.output()).isGreaterThanOrEqualTo(prices.input());
		}
		if (prices.cachedInput() != null) {
			assertThat(prices.cachedInput()).isPositive().isLessThanOrEqualTo(prices.input());
		}
		if (prices.cacheWrite() != null) {
			assertThat(prices.cacheWrite()).isGreaterThanOrEqualTo(prices.input());
		}
		if (prices.longCacheWrite() != null) {
			assertThat(prices.longCacheWrite()).isGreaterThanOrEqualTo(Objects.requireNonNull(prices.cacheWrite()));
		}
	}

	static Stream<Arguments> prices() {
		return BundledPrices.catalog()
			.prices()
			.entrySet()
			.stream()
			.flatMap((entry) -> entry.getValue().values().stream().map((price) -> Arguments.of(entry.getKey(), price)));
	}

}
