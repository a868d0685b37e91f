package io.github.llmcache.pricing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The prices that come with the library. They are read on first use, not when an
 * application starts.
 */
final class BundledPrices {

	static final String RESOURCE = "prices.json";

	private BundledPrices() {
	}

	static PriceCatalog catalog() {
		return Holder.CATALOG;
	}

	static JsonNode read() {
		try (InputStream stream = BundledPrices.class.getResourceAsStream(RESOURCE)) {
			return PriceJson.MAPPER.readTree(Objects.requireNonNull(stream, "No " + RESOURCE));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static PriceCatalog parse(JsonNode document) {
		Map<PriceKey, NavigableMap<Instant, ModelPrice>> prices = new HashMap<>();
		document.required("providers").forEachEntry((provider, entry) -> {
			JsonNode models = entry.required("models");
			models.forEachEntry((model, price) -> prices.put(new PriceKey(provider, model),
					history(price.isString() ? models.required(price.asString()) : price)));
		});
		return new PriceCatalog(prices);
	}

	private static NavigableMap<Instant, ModelPrice> history(JsonNode node) {
		NavigableMap<Instant, ModelPrice> history = new TreeMap<>();
		for (JsonNode price : node.isArray() ? node : List.of(node)) {
			JsonNode from = price.get("from");
			history.put((from != null) ? LocalDate.parse(from.asString()).atStartOfDay().toInstant(ZoneOffset.UTC)
					: Instant.MIN, price(price));
		}
		return history;
	}

	private static ModelPrice price(JsonNode node) {
		JsonNode longContext = node.get("longContext");
		JsonNode peak = node.get("peak");
		return new ModelPrice(prices(node), batch(node), tiers(node),
				(longContext != null) ? List.of(longContext(longContext)) : List.of(),
				(peak != null) ? peak(peak) : null);
	}

	private static LongContextPrice longContext(JsonNode node) {
		return new LongContextPrice(node.required("above").asLong(), prices(node), batch(node), tiers(node));
	}

	private static PeakPrice peak(JsonNode node) {
		Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
		node.required("days").forEach((day) -> days.add(DayOfWeek.valueOf(day.asString())));
		List<PeakPrice.Hours> hours = node.required("hours").valueStream().map((range) -> {
			String[] bounds = range.asString().split("-", -1);
			return new PeakPrice.Hours(Integer.parseInt(bounds[0]), Integer.parseInt(bounds[1]));
		}).toList();
		return new PeakPrice(days, hours, prices(node));
	}

	private static @Nullable TokenPrices batch(JsonNode node) {
		JsonNode batch = node.get("batch");
		return (batch != null) ? prices(batch) : null;
	}

	private static Map<String, TokenPrices> tiers(JsonNode node) {
		JsonNode tiers = node.get("tiers");
		if (tiers == null) {
			return Map.of();
		}
		Map<String, TokenPrices> result = new LinkedHashMap<>();
		tiers.forEachEntry(
				(name, tier) -> result.put(name, prices(tier.isString() ? tiers.required(tier.asString()) : tier)));
		return result;
	}

	private static TokenPrices prices(JsonNode node) {
		return new TokenPrices(required(node, "input"), required(node, "output"), PriceJson.number(node, "cachedInput"),
				PriceJson.number(node, "cacheWrite"), PriceJson.number(node, "longCacheWrite"));
	}

	private static BigDecimal required(JsonNode node, String name) {
		return Objects.requireNonNull(PriceJson.number(node, name), name);
	}

	private static final class Holder {

		static final PriceCatalog CATALOG = parse(read());

	}

}
