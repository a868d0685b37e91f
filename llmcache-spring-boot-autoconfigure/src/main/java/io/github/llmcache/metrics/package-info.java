/**
 * Meters of the cache.
 */
@NullMarked
package io.github.llmcache.metrics;

import org.jspecify.annotations.NullMarked;
