package io.github.llmcache.inference;

/**
 * How calls are made and answers are kept.
 *
 * @param namespace the namespace of requests that name none
 * @param storeRefusals whether answers that were held back by a filter or declined are
 * stored
 * @param threads the most threads for asynchronous calls where there are no virtual ones
 * @param retry how calls are tried again
 */
public record InferenceSettings(String namespace, boolean storeRefusals, int threads, RetrySettings retry) {
}
