package io.github.llmcache.pricing;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON that contains prices, with exact numbers.
 */
final class PriceJson {

	static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private PriceJson() {
	}

	static @Nullable BigDecimal number(JsonNode object, String name) {
		JsonNode value = object.get(name);
		if (value == null || value.isNull()) {
			return null;
		}
		if (!value.isNumber()) {
			throw new IllegalArgumentException("'%s' is not a number".formatted(name));
		}
		return value.decimalValue();
	}

}
