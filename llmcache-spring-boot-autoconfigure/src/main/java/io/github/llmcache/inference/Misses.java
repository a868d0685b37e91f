package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.Outcome;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.PlainText;

/**
 * Creates the exceptions of misses that only the cache was to answer. Those of replay
 * come with their explanations, as far as there is time for them. Thread-safe.
 */
final class Misses {

	/** Why stateful requests are never looked up. */
	static final String STATEFUL = "Its answer depends on what the provider keeps, so it is never looked up.";

	private static final int LONGEST_REQUEST = 500;

	private static final int LONGEST_NAME = 200;

	private final ExplanationBudget budget = new ExplanationBudget(System::nanoTime);

	private final CacheManager cache;

	private final boolean showValues;

	/**
	 * Create an instance.
	 * @param cache the cache
	 * @param showValues whether messages may show parts of prompts
	 */
	Misses(CacheManager cache, boolean showValues) {
		this.cache = cache;
		this.showValues = showValues;
	}

	/**
	 * Create the exception for a call that allows only the cache.
	 * @param call the call
	 * @return the exception; the caller throws it
	 */
	CacheMissException of(InferenceCall call) {
		String miss = miss(samples(call) + call.request(), call.cacheRequest().namespace());
		return CacheDefaults.isExplained(call.cacheControl()) ? explain(miss, call.lookup())
				: new CacheMissException(miss + ". InferenceApi.explain says why.");
	}

	/**
	 * Create the exception for texts that allow only the cache.
	 * @param texts describes the texts, without what they say
	 * @param namespace the namespace
	 * @param cacheControl what they ask of the cache, the mode included
	 * @param first the lookup of the first of them, which is explained
	 * @return the exception; the caller throws it
	 */
	CacheMissException of(String texts, String namespace, CacheControl cacheControl, CacheLookup first) {
		String miss = miss(texts, namespace);
		return CacheDefaults.isExplained(cacheControl) ? explain(miss, first)
				: new CacheMissException(miss + ". In mode 'replay' it would say why.");
	}

	/**
	 * Create the exception for a request that the cache can never answer.
	 * @param request describes the request, without what it says
	 * @param model the model's id
	 * @return the exception; the caller throws it
	 */
	static CacheMissException impossible(String request, String model) {
		return new CacheMissException(
				"There can be no entry for " + PlainText.of(request, LONGEST_REQUEST)
						+ ", because its answer depends on what the provider keeps, and only the cache was to be asked",
				notLookedUp(model, STATEFUL));
	}

	static MissExplanation notLookedUp(String model, String reason) {
		return new MissExplanation(model, Outcome.NOT_LOOKED_UP, reason, 0, List.of());
	}

	private static String miss(String what, String namespace) {
		// Not the key, which has not been computed: a miss needs none
		return "No entry for " + PlainText.of(what, LONGEST_REQUEST) + " in namespace '"
				+ PlainText.of(namespace, LONGEST_NAME) + "', and only the cache was to be asked";
	}

	private CacheMissException explain(String miss, CacheLookup lookup) {
		MissExplanation explanation = this.budget.spend(() -> this.cache.explain(lookup));
		return new CacheMissException(new MissMessage(miss, this.showValues).with(explanation), explanation);
	}

	private static String samples(InferenceCall call) {
		return (call.samples().end() > 1) ? call.samples().end() + " samples of " : "";
	}

}
