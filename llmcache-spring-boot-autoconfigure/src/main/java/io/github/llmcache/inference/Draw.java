package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.InferenceResponse.Source;

/**
 * The samples of a call.
 *
 * @param samples the samples in the order of their indices
 * @param paid what was paid for them, other samples included
 * @param source where they come from
 */
record Draw(List<DrawnSample> samples, List<DrawnSample> paid, Source source) {
}
