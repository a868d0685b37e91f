package io.github.llmcache.metrics;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * {@link ObservationConvention} of requests. A bean of this type replaces
 * {@link DefaultRequestObservationConvention}.
 */
public interface RequestObservationConvention extends ObservationConvention<RequestObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof RequestObservationContext;
	}

}
