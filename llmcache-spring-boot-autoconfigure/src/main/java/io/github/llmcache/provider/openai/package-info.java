/**
 * The protocol of OpenAI's chat completions, which many providers and servers speak.
 */
@NullMarked
package io.github.llmcache.provider.openai;

import org.jspecify.annotations.NullMarked;
