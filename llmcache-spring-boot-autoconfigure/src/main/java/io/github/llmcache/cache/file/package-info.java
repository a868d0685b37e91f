/**
 * The store that keeps entries in JSON files, made to be read, compared and committed.
 */
@NullMarked
package io.github.llmcache.cache.file;

import org.jspecify.annotations.NullMarked;
