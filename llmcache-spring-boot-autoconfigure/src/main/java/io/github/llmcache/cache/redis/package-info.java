/**
 * The store that keeps entries in SQLite, one database file a model.
 */
@NullMarked
package io.github.llmcache.cache.redis;

import org.jspecify.annotations.NullMarked;
