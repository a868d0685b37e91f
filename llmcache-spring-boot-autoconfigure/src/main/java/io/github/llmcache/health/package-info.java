/**
 * Health of the cache.
 */
@NullMarked
package io.github.llmcache.health;

import org.jspecify.annotations.NullMarked;
