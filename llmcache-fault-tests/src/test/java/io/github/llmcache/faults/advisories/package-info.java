/**
 * Known vulnerabilities of what published modules need at run time.
 */
@NullMarked
package io.github.llmcache.faults.advisories;

import org.jspecify.annotations.NullMarked;
