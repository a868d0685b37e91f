/**
 * What was asked and answered, in words for people: as files, on the console, and of an
 * entry that is stored.
 */
@NullMarked
package io.github.llmcache.transcript;

import org.jspecify.annotations.NullMarked;
