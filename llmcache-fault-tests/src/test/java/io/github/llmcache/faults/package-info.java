/**
 * The fault suite: kills, damages, attacks and loads a cache, and reports what became of
 * it.
 */
@NullMarked
package io.github.llmcache.faults;

import org.jspecify.annotations.NullMarked;
