package io.github.llmcache.metrics;

import java.math.BigDecimal;

import io.github.llmcache.InferenceResponse;
import io.github.llmcache.metrics.LlmCacheObservation.Keys;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * Default {@link RequestObservationConvention}.
 */
public class DefaultRequestObservationConvention implements RequestObservationConvention {

	/** The default name. */
	public static final String NAME = "llmcache.request";

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public String getContextualName(RequestObservationContext context) {
		return "llmcache " + context.getModelTag();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(RequestObservationContext context) {
		return KeyValues.of(Keys.REQUEST_MODEL.withValue(context.getModelTag()),
				Keys.CACHE_RESULT.withValue(result(context)));
	}

	private static String result(RequestObservationContext context) {
		if (context.getResponse() != null) {
			return LlmCacheTimers.result(context.getResponse().source());
		}
		return (context.getError() != null) ? LlmCacheTimers.result(null) : KeyValue.NONE_VALUE;
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(RequestObservationContext context) {
		KeyValues values = KeyValues.of(Keys.SAMPLES.withValue(String.valueOf(context.getRequest().samples().count())));
		InferenceResponse response = context.getResponse();
		if (response != null) {
			values = and(values, Keys.COST, response.cost());
			values = and(values, Keys.SAVED_COST, response.savedCost());
		}
		return values;
	}

	private static KeyValues and(KeyValues values, Keys key, @Nullable BigDecimal dollars) {
		return (dollars != null) ? values.and(key.withValue(dollars.toPlainString())) : values;
	}

}
