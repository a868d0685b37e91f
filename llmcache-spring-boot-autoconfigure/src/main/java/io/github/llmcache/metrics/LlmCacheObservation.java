package io.github.llmcache.metrics;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of llmcache. None of them has a key for what was asked or answered.
 * <p>
 * Keys {@code gen_ai.*}, {@code server.*} and {@code error.type} are those of
 * OpenTelemetry's conventions for generative AI, version 1.37.
 *
 * @see <a href=
 * "https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">Semantic
 * conventions</a>
 */
public enum LlmCacheObservation implements ObservationDocumentation {

	/** A request, however it is answered. */
	REQUEST {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultRequestObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { Keys.REQUEST_MODEL, Keys.CACHE_RESULT };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { Keys.COST, Keys.SAVED_COST, Keys.SAMPLES };
		}

	},

	/** Lookups in the cache: a single one, or several that are made together. */
	LOOKUP {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultLookupObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { Keys.CACHE_RESULT, Keys.CACHE_LEVEL };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { Keys.LOOKUPS, Keys.HITS };
		}

	},

	/** One attempt of a call of a provider. */
	CALL {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultCallObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { Keys.OPERATION, Keys.PROVIDER, Keys.REQUEST_MODEL };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { Keys.SERVER_ADDRESS, Keys.SERVER_PORT, Keys.CHOICES, Keys.MAX_TOKENS, Keys.SEED,
					Keys.TEMPERATURE, Keys.TOP_P, Keys.RESPONSE_MODEL, Keys.REQUEST_ID, Keys.FINISH_REASONS,
					Keys.INPUT_TOKENS, Keys.OUTPUT_TOKENS, Keys.CACHED_TOKENS, Keys.ERROR_TYPE };
		}

	};

	/**
	 * The keys of the observations.
	 */
	public enum Keys implements KeyName {

		/** The model that was asked for; models beyond the first 100 are bounded. */
		REQUEST_MODEL("gen_ai.request.model"),

		/** What the cache did: hit, miss, coalesced, partial, failed or none. */
		CACHE_RESULT("llmcache.cache.result"),

		/** Where a hit was: memory, store, both or none. */
		CACHE_LEVEL("llmcache.cache.level"),

		/** The number of lookups. */
		LOOKUPS("llmcache.cache.lookups"),

		/** The number of hits among them. */
		HITS("llmcache.cache.hits"),

		/** US dollars that the request has cost. */
		COST("llmcache.cost"),

		/** US dollars that the replayed answers had cost. */
		SAVED_COST("llmcache.saved_cost"),

		/** The number of samples that were asked for. */
		SAMPLES("llmcache.samples"),

		/** What the provider is asked to do. */
		OPERATION("gen_ai.operation.name"),

		/** The provider. */
		PROVIDER("gen_ai.provider.name"),

		/** The host that is asked. */
		SERVER_ADDRESS("server.address"),

		/** Its port. */
		SERVER_PORT("server.port"),

		/** The number of answers, if it is not 1. */
		CHOICES("gen_ai.request.choice.count"),

		/** The most tokens to answer. */
		MAX_TOKENS("gen_ai.request.max_tokens"),

		/** The seed for repeatable sampling. */
		SEED("gen_ai.request.seed"),

		/** The sampling temperature. */
		TEMPERATURE("gen_ai.request.temperature"),

		/** The nucleus sampling probability. */
		TOP_P("gen_ai.request.top_p"),

		/** The model that answered, as the provider calls it. */
		RESPONSE_MODEL("gen_ai.response.model"),

		/** The provider's identifier of the call, from a header of its response. */
		REQUEST_ID("llmcache.provider.request_id"),

		/** Why each of the answers ended. */
		FINISH_REASONS("gen_ai.response.finish_reasons"),

		/** The tokens of the prompt. */
		INPUT_TOKENS("gen_ai.usage.input_tokens"),

		/** The tokens of the answers. */
		OUTPUT_TOKENS("gen_ai.usage.output_tokens"),

		/** The tokens of the prompt that the provider's own cache had. */
		CACHED_TOKENS("gen_ai.usage.cache_read.input_tokens"),

		/** Why the call failed, if it did. */
		ERROR_TYPE("error.type");

		private final String key;

		Keys(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
