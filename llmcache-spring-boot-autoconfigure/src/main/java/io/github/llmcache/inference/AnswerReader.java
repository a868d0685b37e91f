package io.github.llmcache.inference;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import io.github.llmcache.ProviderException;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.pricing.PriceQuery;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireResponse;
import org.jspecify.annotations.Nullable;

/**
 * Makes answers of what providers send, online or in a batch, with what they cost.
 * Thread-safe.
 *
 * @param prices tells what calls cost
 * @param storagePolicy decides which answers are worth storing
 */
record AnswerReader(PriceTable prices, StoragePolicy storagePolicy) {

	/**
	 * Read an answer.
	 * @param call the call that it answers
	 * @param response what the provider has sent
	 * @param at when it has answered
	 * @param batch whether it has answered in a batch
	 * @return the answer
	 * @throws ProviderException if the response cannot be read, or says that the call
	 * failed
	 */
	CallAnswer read(InferenceCall call, WireResponse response, Instant at, boolean batch) {
		ProviderDefinition provider = call.provider();
		ProviderAnswer answer = provider.protocol().read(response.body(), provider);
		Kept kept = keep(provider, call.request().model(), answer, response, at, batch);
		return new CallAnswer(ResponseReader.read(call, answer, kept.cached()), kept.cached(), kept.samples(),
				answer.model(), kept.storable());
	}

	/**
	 * Find out what is kept of an answer.
	 * @param provider the provider that has answered
	 * @param model the model that was asked
	 * @param answer the answer
	 * @param response what the provider has sent
	 * @param at when it has answered
	 * @param batch whether it has answered in a batch
	 * @return what is kept
	 */
	Kept keep(ProviderDefinition provider, String model, ProviderAnswer answer, WireResponse response, Instant at,
			boolean batch) {
		Usage usage = (answer.usage() != null) ? answer.usage() : Usage.NONE;
		List<Sample> storable = this.storagePolicy.storable(answer.samples());
		List<Sample> kept = storable.isEmpty() ? answer.samples() : storable;
		CachedResponse cached = new CachedResponse(response.body(), kept.size(), usage.inputTokens(),
				usage.outputTokens(), costNanos(provider, model, answer, at, batch), kept.get(0).finishReason().name(),
				at.truncatedTo(ChronoUnit.MILLIS), response.duration(), response.requestId());
		return new Kept(cached, kept, !storable.isEmpty());
	}

	private @Nullable Long costNanos(ProviderDefinition provider, String asked, ProviderAnswer answer, Instant at,
			boolean batch) {
		return CallCost.nanos(answer.reportedCost(), asked, answer.model(), (model) -> {
			Usage usage = answer.usage();
			return (usage != null) ? this.prices
				.costNanos(new PriceQuery(provider.name(), model, usage, answer.serviceTier(), batch, at)) : null;
		});
	}

	/**
	 * What is kept of an answer.
	 *
	 * @param cached the answer as it is stored
	 * @param samples those of its samples that are worth it, or all if none is
	 * @param storable whether any is worth it
	 */
	record Kept(CachedResponse cached, List<Sample> samples, boolean storable) {
	}

}
