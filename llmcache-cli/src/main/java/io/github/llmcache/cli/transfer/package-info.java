/**
 * Moves entries from one cache to another, and to files and back.
 */
@NullMarked
package io.github.llmcache.cli.transfer;

import org.jspecify.annotations.NullMarked;
