/**
 * The implementation of {@link io.github.llmcache.InferenceApi} over providers and the
 * cache.
 */
@NullMarked
package io.github.llmcache.inference;

import org.jspecify.annotations.NullMarked;
