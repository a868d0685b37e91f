/**
 * Auto-configuration of the meters.
 */
@NullMarked
package io.github.llmcache.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
