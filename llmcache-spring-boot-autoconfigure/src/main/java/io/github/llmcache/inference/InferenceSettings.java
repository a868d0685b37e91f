package io.github.llmcache.inference;

/**
 * How calls are made and answers are kept.
 *
 * @param cache what is asked of the cache as far as requests do not say so themselves
 * @param storeRefusals whether answers that were held back by a filter or declined are
 * stored
 * @param threads the most threads for asynchronous calls where there are no virtual ones
 * @param retry how calls are tried again
 * @param showValues whether messages of misses may show parts of prompts
 */
public record InferenceSettings(CacheDefaults cache, boolean storeRefusals, int threads, RetrySettings retry,
		boolean showValues) {

	public InferenceSettings(CacheDefaults cache, boolean storeRefusals, int threads, RetrySettings retry) {
		this(cache, storeRefusals, threads, retry, false);
	}

}
