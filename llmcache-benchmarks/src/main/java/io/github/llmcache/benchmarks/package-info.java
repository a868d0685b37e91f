/**
 * Measures llmcache beside other stores, by one command.
 */
@NullMarked
package io.github.llmcache.benchmarks;

import org.jspecify.annotations.NullMarked;
