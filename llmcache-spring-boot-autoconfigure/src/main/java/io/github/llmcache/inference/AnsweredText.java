package io.github.llmcache.inference;

import org.jspecify.annotations.Nullable;

/**
 * What a text was answered with, when it was asked for. Immutable.
 *
 * @param value the answer
 * @param tokens the text's share in the tokens of the call
 * @param costNanos its share in the cost of the call, in billionths of a US dollar, or
 * {@code null} if the price was unknown
 */
record AnsweredText(Object value, long tokens, @Nullable Long costNanos) {
}
