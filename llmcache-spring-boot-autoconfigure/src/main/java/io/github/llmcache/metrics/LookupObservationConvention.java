package io.github.llmcache.metrics;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * {@link ObservationConvention} of lookups. A bean of this type replaces
 * {@link DefaultLookupObservationConvention}.
 */
public interface LookupObservationConvention extends ObservationConvention<LookupObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof LookupObservationContext;
	}

}
