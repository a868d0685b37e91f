package io.github.llmcache.inference;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What became of the texts of a request.
 *
 * @param answers the answers, in the order of the texts
 * @param hits how many texts the provider was not asked for
 * @param misses how many texts it was asked for
 * @param costNanos billionths of a US dollar paid now, or {@code null} if a price is
 * unknown
 * @param savedNanos billionths of a US dollar that the hits had cost, or {@code null} if
 * a price is unknown
 */
record TextTotals(List<AnsweredText> answers, int hits, int misses, @Nullable Long costNanos,
		@Nullable Long savedNanos) {

	long tokens() {
		return this.answers.stream().mapToLong(AnsweredText::tokens).sum();
	}

}
