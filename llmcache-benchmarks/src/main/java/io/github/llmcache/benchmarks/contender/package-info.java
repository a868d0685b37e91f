/**
 * What is measured: llmcache, the floor and other stores.
 */
@NullMarked
package io.github.llmcache.benchmarks.contender;

import org.jspecify.annotations.NullMarked;
