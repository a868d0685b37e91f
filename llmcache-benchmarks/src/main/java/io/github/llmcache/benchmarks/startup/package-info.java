/**
 * A minimal web application, which is started with and without llmcache.
 */
@NullMarked
package io.github.llmcache.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
