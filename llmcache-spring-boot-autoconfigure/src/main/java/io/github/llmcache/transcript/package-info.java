/**
 * What was asked and answered, in words for people: as files, and on the console.
 */
@NullMarked
package io.github.llmcache.transcript;

import org.jspecify.annotations.NullMarked;
