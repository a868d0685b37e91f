/**
 * Many callers at once, for long, beside whatever is slow.
 */
@NullMarked
package io.github.llmcache.faults.load;

import org.jspecify.annotations.NullMarked;
