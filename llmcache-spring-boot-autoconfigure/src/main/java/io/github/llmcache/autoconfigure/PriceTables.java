package io.github.llmcache.autoconfigure;

import java.util.Map;

import io.github.llmcache.autoconfigure.LlmCacheProperties.Price;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Prices;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Provider;
import io.github.llmcache.pricing.CommunityPriceFile;
import io.github.llmcache.pricing.ModelPrice;
import io.github.llmcache.pricing.PriceFileException;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.pricing.TokenPrices;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Creates the table of prices: those of the properties, of a file, and those that come
 * with llmcache.
 */
final class PriceTables {

	private static final Log logger = LogFactory.getLog(PriceTables.class);

	private PriceTables() {
	}

	static PriceTable create(Prices properties, Map<String, Provider> providers) {
		PriceTable.Builder table = PriceTable.builder();
		if (properties.file() != null) {
			try {
				CommunityPriceFile file = CommunityPriceFile.read(properties.file());
				file.problems().forEach((problem) -> logger.warn("'llmcache.prices.file': " + problem));
				table.file(file);
			}
			catch (PriceFileException ex) {
				throw new LlmCacheConfigurationException("'llmcache.prices.file' cannot be read: " + ex.getMessage(),
						"Correct the file or the property.");
			}
		}
		for (Map.Entry<String, Price> price : properties.models().entrySet()) {
			table.price(price.getKey(), toModelPrice(price.getKey(), price.getValue()));
		}
		for (Map.Entry<String, Provider> provider : providers.entrySet()) {
			String pricedAs = provider.getValue().pricedAs();
			if (pricedAs != null || provider.getValue().baseUrl() != null) {
				// Whoever answers at another URL may charge other prices, or none
				table.pricedAs(provider.getKey(), pricedAs);
			}
		}
		return table.build();
	}

	private static ModelPrice toModelPrice(String model, Price price) {
		if ((price.batchInput() == null) != (price.batchOutput() == null)) {
			throw new LlmCacheConfigurationException("The batch price of '" + model + "' is incomplete.",
					"Set both 'batch-input' and 'batch-output' below 'llmcache.prices.models." + model
							+ "', or neither.");
		}
		if (price.input() == null || price.output() == null) {
			throw new LlmCacheConfigurationException("The price of '" + model + "' is incomplete.",
					"Set both 'input' and 'output' below 'llmcache.prices.models." + model + "'.");
		}
		try {
			ModelPrice modelPrice = ModelPrice
				.of(new TokenPrices(price.input(), price.output(), price.cachedInput(), price.cacheWrite(), null));
			return (price.batchInput() != null && price.batchOutput() != null)
					? modelPrice.withBatch(TokenPrices.of(price.batchInput(), price.batchOutput())) : modelPrice;
		}
		catch (IllegalArgumentException ex) {
			throw new LlmCacheConfigurationException(
					"The price of '" + model + "' cannot be used: " + ex.getMessage() + ".",
					"Correct the properties below 'llmcache.prices.models." + model + "'.");
		}
	}

}
