/**
 * Encryption of what a {@link io.github.llmcache.cache.CacheStore} keeps, above any store
 * and unseen by whoever uses it.
 */
@NullMarked
package io.github.llmcache.cache.encryption;

import org.jspecify.annotations.NullMarked;
