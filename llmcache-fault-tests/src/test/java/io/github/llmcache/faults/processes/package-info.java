/**
 * What becomes of a cache whose processes are killed.
 */
@NullMarked
package io.github.llmcache.faults.processes;

import org.jspecify.annotations.NullMarked;
