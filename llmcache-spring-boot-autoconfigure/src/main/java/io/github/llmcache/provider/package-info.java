/**
 * Providers of models: which one answers for a model, how typed requests map to its wire
 * format, and the HTTP call.
 */
@NullMarked
package io.github.llmcache.provider;

import org.jspecify.annotations.NullMarked;
