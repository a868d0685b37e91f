/**
 * The protocol of Anthropic's Messages API.
 */
@NullMarked
package io.github.llmcache.provider.anthropic;

import org.jspecify.annotations.NullMarked;
