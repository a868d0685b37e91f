package io.github.llmcache;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The vectors of texts.
 *
 * @param provider the configured name of the provider
 * @param model the model that was asked for
 * @param embeddings the vectors, in the order of the texts
 * @param hits how many texts the provider was not asked for: they were in the cache, or
 * were asked for at the same time, here or by somebody else
 * @param misses how many texts the provider was asked for
 * @param usage the tokens that the vectors took when they were made, as far as it is
 * known
 * @param cost US dollars paid for this response now, {@code null} if the price of a call
 * is unknown
 * @param savedCost US dollars that were not paid because of the hits, {@code null} if the
 * price of one is unknown
 */
public record EmbeddingResponse(String provider, String model, List<Embedding> embeddings, int hits, int misses,
		Usage usage, @Nullable BigDecimal cost, @Nullable BigDecimal savedCost) {

	public EmbeddingResponse {
		Objects.requireNonNull(provider, "'provider' must not be null");
		Objects.requireNonNull(model, "'model' must not be null");
		Objects.requireNonNull(usage, "'usage' must not be null");
		embeddings = List.copyOf(embeddings);
	}

}
