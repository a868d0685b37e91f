package io.github.llmcache.inference;

import java.time.Instant;
import java.util.List;

import io.github.llmcache.ProviderException;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.TextAnswers;
import io.github.llmcache.provider.WireResponse;
import org.jspecify.annotations.Nullable;

/**
 * Makes of answers that were received elsewhere what a cache keeps of them, by the rules
 * for answers that are received here. Thread-safe.
 */
public final class ReceivedAnswers {

	private final AnswerReader reader;

	/**
	 * Create an instance.
	 * @param prices what calls cost that do not say so themselves
	 * @param storeRefusals whether answers are worth keeping that were held back by a
	 * filter, or that decline to answer
	 */
	public ReceivedAnswers(PriceTable prices, boolean storeRefusals) {
		this.reader = new AnswerReader(prices, new StoragePolicy(storeRefusals));
	}

	/**
	 * Return what is kept of a response.
	 * @param provider the provider that it is from
	 * @param model the model that was asked
	 * @param response the response
	 * @param at when it was received
	 * @return what is kept, or {@code null} if it has no sample that is worth it
	 * @throws ProviderException if the provider's protocol cannot read the response, or
	 * it says that the call failed
	 */
	public @Nullable CachedResponse keep(ProviderDefinition provider, String model, WireResponse response, Instant at) {
		ProviderAnswer answer = provider.protocol().read(response.body(), provider);
		AnswerReader.Kept kept = this.reader.keep(provider, model, answer, response, at, false);
		return kept.storable() ? kept.cached() : null;
	}

	/**
	 * Return what is kept of the answers to several texts.
	 * @param answers the answers
	 * @param texts the texts, which are different ones
	 * @param response the response that the answers are from
	 * @param costNanos what it has cost in billionths of a US dollar, or {@code null} if
	 * that is not known
	 * @param at when it was received
	 * @return what is kept, in the order of the texts
	 */
	public List<CachedResponse> keep(TextAnswers<?> answers, List<String> texts, WireResponse response,
			@Nullable Long costNanos, Instant at) {
		return TextResponses.of(answers, texts, response, costNanos, at);
	}

}
