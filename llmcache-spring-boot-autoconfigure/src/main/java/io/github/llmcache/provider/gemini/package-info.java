/**
 * The protocol of Google's Gemini API.
 */
@NullMarked
package io.github.llmcache.provider.gemini;

import org.jspecify.annotations.NullMarked;
