package io.github.llmcache.cache;

/**
 * Whether a store that lies behind a circuit breaker is used.
 */
public enum BreakerState {

	/** It is used. */
	CLOSED,

	/** It has failed several times and is left alone. */
	OPEN,

	/** It is being tried again. */
	HALF_OPEN

}
