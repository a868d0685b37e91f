/**
 * OpenAI's protocols: chat completions, embeddings and moderations, which many providers
 * and servers speak, responses, and completions of plain text.
 */
@NullMarked
package io.github.llmcache.provider.openai;

import org.jspecify.annotations.NullMarked;
