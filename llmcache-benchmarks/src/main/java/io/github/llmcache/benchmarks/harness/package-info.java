/**
 * Repeats and alternates what is measured, and reports it.
 */
@NullMarked
package io.github.llmcache.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
