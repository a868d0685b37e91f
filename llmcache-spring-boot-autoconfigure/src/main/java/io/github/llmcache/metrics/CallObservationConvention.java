package io.github.llmcache.metrics;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * {@link ObservationConvention} of calls of providers. A bean of this type replaces
 * {@link DefaultCallObservationConvention}.
 */
public interface CallObservationConvention extends ObservationConvention<CallObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof CallObservationContext;
	}

}
