/**
 * Entries that somebody else has written.
 */
@NullMarked
package io.github.llmcache.faults.entries;

import org.jspecify.annotations.NullMarked;
