package io.github.llmcache.provider;

import java.math.BigDecimal;
import java.util.List;

import io.github.llmcache.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What the response body of a call for several texts says.
 *
 * @param <V> what a text is answered with
 * @param answers the answers, in the order of the texts. Their tokens add up to those of
 * the call
 * @param usage the tokens of the call, or {@code null} if the provider did not say
 * @param model the model that answered, as the provider calls it, or {@code null}
 * @param reportedCost US dollars that the provider says it charges for the call, or
 * {@code null} if it does not say
 */
public record TextAnswers<V>(List<TextAnswer<V>> answers, @Nullable Usage usage, @Nullable String model,
		@Nullable BigDecimal reportedCost) {

	public TextAnswers {
		answers = List.copyOf(answers);
	}

}
