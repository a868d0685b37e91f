package io.github.llmcache.pricing;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;

/**
 * Prices from a file in the format that LiteLLM maintains and other tools share: one JSON
 * object with an entry for each model, in dollars per token.
 * <p>
 * An entry that says whose price it is ({@code litellm_provider}) holds for this provider
 * only, any other one for every provider. What an entry lists for much input, the batch
 * API or a service tier is used where input and output can be told; prices of anything
 * but tokens are not.
 */
public final class CommunityPriceFile {

	private static final Set<String> NO_MODELS = Set.of("sample_spec", "fallback_generalizations");

	private static final Set<String> MODES_WITHOUT_OUTPUT = Set.of("embedding", "moderation", "rerank");

	private static final Map<String, String> PROVIDERS = Map.of("together_ai", "together", "text-completion-openai",
			"openai", "bedrock_converse", "bedrock", "cohere_chat", "cohere", "azure_text", "azure");

	private static final Pattern LONG_CONTEXT = Pattern.compile("input_cost_per_token_above_(\\d{1,9})k_tokens");

	private static final List<String> SERVICE_TIERS = List.of("flex", "priority");

	private final PriceCatalog catalog;

	private final List<String> problems;

	private CommunityPriceFile(Map<PriceKey, ModelPrice> prices, List<String> problems) {
		this.catalog = PriceCatalog.ofConstant(prices);
		this.problems = List.copyOf(problems);
	}

	/**
	 * Read a file.
	 * @param file the file
	 * @return its prices
	 * @throws PriceFileException if it is not such a file
	 */
	public static CommunityPriceFile read(Path file) {
		try (InputStream stream = Files.newInputStream(file)) {
			return read(file.toString(), stream);
		}
		catch (NoSuchFileException ex) {
			throw new PriceFileException("The price file '%s' does not exist".formatted(file), ex);
		}
		catch (IOException ex) {
			throw new PriceFileException("The price file '%s' cannot be read: %s".formatted(file, ex.getMessage()), ex);
		}
	}

	/**
	 * Read a file.
	 * @param name how to call the file in messages
	 * @param stream its content
	 * @return its prices
	 * @throws PriceFileException if it is not such a file
	 */
	public static CommunityPriceFile read(String name, InputStream stream) {
		JsonNode document;
		try {
			document = PriceJson.MAPPER.readTree(stream);
		}
		catch (JacksonIOException ex) {
			throw new PriceFileException("The price file '%s' cannot be read: %s".formatted(name, ex.getMessage()), ex);
		}
		catch (JacksonException ex) {
			throw new PriceFileException(
					"The price file '%s' is not valid JSON%s: %s".formatted(name, line(ex), ex.getOriginalMessage()),
					ex);
		}
		catch (NumberFormatException ex) {
			throw new PriceFileException(
					"The price file '%s' has a number that is no price: %s".formatted(name, ex.getMessage()), ex);
		}
		if (!document.isObject()) {
			throw new PriceFileException(
					"The price file '%s' is not a JSON object with an entry for each model".formatted(name));
		}
		Map<PriceKey, ModelPrice> prices = new HashMap<>();
		List<String> problems = new ArrayList<>();
		document.forEachEntry((model, entry) -> {
			if (NO_MODELS.contains(model) || !entry.isObject()) {
				return;
			}
			try {
				ModelPrice price = price(entry);
				if (price != null) {
					add(prices, model, entry, price);
				}
			}
			catch (IllegalArgumentException | ArithmeticException ex) {
				problems.add("%s: %s".formatted(model, ex.getMessage()));
			}
		});
		if (prices.isEmpty()) {
			throw new PriceFileException("The price file '%s' has no usable price%s".formatted(name,
					problems.isEmpty() ? "" : ": " + problems.get(0)));
		}
		return new CommunityPriceFile(prices, problems);
	}

	/**
	 * Return what is wrong with the entries that were left out.
	 * @return a sentence for each of them
	 */
	public List<String> problems() {
		return this.problems;
	}

	PriceCatalog catalog() {
		return this.catalog;
	}

	private static String line(JacksonException ex) {
		TokenStreamLocation location = ex.getLocation();
		return (location != null && location.getLineNr() > 0) ? " (line %d)".formatted(location.getLineNr()) : "";
	}

	private static void add(Map<PriceKey, ModelPrice> prices, String model, JsonNode entry, ModelPrice price) {
		JsonNode listed = entry.get("litellm_provider");
		if (listed == null || !listed.isString()) {
			PriceKey.parse(model).forEach((key) -> prices.put(key, price));
			return;
		}
		String provider = provider(listed.asString());
		for (String prefix : List.of(listed.asString() + "/", provider + "/")) {
			if (model.startsWith(prefix)) {
				prices.put(new PriceKey(provider, model.substring(prefix.length())), price);
				return;
			}
		}
		// Some models are listed twice, and the prefixed entry is the more particular one
		prices.putIfAbsent(new PriceKey(provider, model), price);
	}

	private static String provider(String listed) {
		String provider = listed.toLowerCase(Locale.ROOT);
		return provider.startsWith("vertex_ai") ? "vertex" : PROVIDERS.getOrDefault(provider, provider);
	}

	private static @Nullable ModelPrice price(JsonNode entry) {
		Prices standard = Prices.of(entry, "");
		if (standard.input() == null && standard.output() == null) {
			return null;
		}
		JsonNode mode = entry.get("mode");
		if (standard.output() == null && mode != null && mode.isString()
				&& MODES_WITHOUT_OUTPUT.contains(mode.asString())) {
			standard = standard.or(new Prices(null, BigDecimal.ZERO, null, null, null));
		}
		TokenPrices prices = standard.toTokenPrices();
		if (prices == null) {
			throw new IllegalArgumentException((standard.input() == null) ? "'input_cost_per_token' is missing"
					: "'output_cost_per_token' is missing");
		}
		List<LongContextPrice> longContext = new ArrayList<>();
		for (long thousands : longContexts(entry)) {
			String infix = "_above_" + thousands + "k_tokens";
			// An entry lists only what differs from the ordinary price
			TokenPrices standardPrices = Prices.of(entry, infix).or(standard).toTokenPrices();
			if (standardPrices != null) {
				longContext.add(new LongContextPrice(thousands * 1000, standardPrices, batch(entry, infix),
						serviceTiers(entry, infix)));
			}
		}
		return new ModelPrice(prices, batch(entry, ""), serviceTiers(entry, ""), longContext, null);
	}

	private static Set<Long> longContexts(JsonNode entry) {
		Set<Long> thousands = new TreeSet<>();
		for (String name : entry.propertyNames()) {
			Matcher matcher = LONG_CONTEXT.matcher(name);
			if (matcher.matches() && !entry.required(name).isNull()) {
				thousands.add(Long.valueOf(matcher.group(1)));
			}
		}
		return thousands;
	}

	private static @Nullable TokenPrices batch(JsonNode entry, String infix) {
		return Prices.of(entry, infix + "_batches").toTokenPrices();
	}

	private static Map<String, TokenPrices> serviceTiers(JsonNode entry, String infix) {
		Map<String, TokenPrices> tiers = new LinkedHashMap<>();
		for (String tier : SERVICE_TIERS) {
			TokenPrices prices = Prices.of(entry, infix + "_" + tier).toTokenPrices();
			if (prices != null) {
				tiers.put(tier, prices);
			}
		}
		return tiers;
	}

	private record Prices(@Nullable BigDecimal input, @Nullable BigDecimal output, @Nullable BigDecimal cachedInput,
			@Nullable BigDecimal cacheWrite, @Nullable BigDecimal longCacheWrite) {

		static Prices of(JsonNode entry, String suffix) {
			return new Prices(perMillion(entry, "input_cost_per_token" + suffix),
					perMillion(entry, "output_cost_per_token" + suffix),
					perMillion(entry, "cache_read_input_token_cost" + suffix),
					perMillion(entry, "cache_creation_input_token_cost" + suffix),
					perMillion(entry, "cache_creation_input_token_cost_above_1hr" + suffix));
		}

		Prices or(Prices other) {
			return new Prices((this.input != null) ? this.input : other.input,
					(this.output != null) ? this.output : other.output,
					(this.cachedInput != null) ? this.cachedInput : other.cachedInput,
					(this.cacheWrite != null) ? this.cacheWrite : other.cacheWrite,
					(this.longCacheWrite != null) ? this.longCacheWrite : other.longCacheWrite);
		}

		@Nullable TokenPrices toTokenPrices() {
			return (this.input != null && this.output != null)
					? new TokenPrices(this.input, this.output, this.cachedInput, this.cacheWrite, this.longCacheWrite)
					: null;
		}

		private static @Nullable BigDecimal perMillion(JsonNode entry, String name) {
			BigDecimal price = PriceJson.number(entry, name);
			if (price == null) {
				return null;
			}
			if (price.signum() < 0) {
				throw new IllegalArgumentException("'%s' is negative".formatted(name));
			}
			return price.scaleByPowerOfTen(6);
		}

	}

}
