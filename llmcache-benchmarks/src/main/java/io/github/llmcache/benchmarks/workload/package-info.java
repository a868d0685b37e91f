/**
 * Makes requests and responses, the same ones from the same seed.
 */
@NullMarked
package io.github.llmcache.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
