/**
 * Auto-configuration of llmcache: properties, the choice of a backend, and start-up
 * errors.
 */
@NullMarked
package io.github.llmcache.autoconfigure;

import org.jspecify.annotations.NullMarked;
