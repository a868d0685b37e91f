/**
 * What becomes of a cache when clocks jump, threads are interrupted, and applications
 * end.
 */
@NullMarked
package io.github.llmcache.faults.lifecycle;

import org.jspecify.annotations.NullMarked;
