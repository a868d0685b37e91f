/**
 * Prices of models and the cost of a usage.
 */
@NullMarked
package io.github.llmcache.pricing;

import org.jspecify.annotations.NullMarked;
