/**
 * A web application that asks questions through llmcache and shows what the cache saves.
 */
@NullMarked
package io.github.llmcache.sample;

import org.jspecify.annotations.NullMarked;
