/**
 * Faults of the cache as the callers of the API see them.
 */
@NullMarked
package io.github.llmcache.inference;

import org.jspecify.annotations.NullMarked;
