/**
 * The cache below {@link io.github.llmcache.InferenceApi}: keys, entries, the policy in
 * {@link io.github.llmcache.cache.CacheManager} and the SPI of the stores.
 */
@NullMarked
package io.github.llmcache.cache;

import org.jspecify.annotations.NullMarked;
