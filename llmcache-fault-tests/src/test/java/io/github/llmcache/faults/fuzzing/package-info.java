/**
 * Random input, guided by what it reaches.
 */
@NullMarked
package io.github.llmcache.faults.fuzzing;

import org.jspecify.annotations.NullMarked;
