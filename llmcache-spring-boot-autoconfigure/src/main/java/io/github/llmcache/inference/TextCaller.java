package io.github.llmcache.inference;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.InferenceParameters;
import io.github.llmcache.Usage;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.inference.CallObservation.CallResult;
import io.github.llmcache.pricing.PriceQuery;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.TextAnswer;
import io.github.llmcache.provider.TextAnswers;
import io.github.llmcache.provider.WireResponse;
import org.jspecify.annotations.Nullable;

/**
 * Asks providers for the answers to texts, and shares what a call has cost among them.
 * Thread-safe.
 */
final class TextCaller {

	/** Enough that no price which is not 0 is rounded to 0. */
	private static final Usage MUCH = Usage.of(1_000_000_000, 1_000_000_000);

	private final ProviderCaller caller;

	private final CacheManager cache;

	private final PriceTable prices;

	private final long maxResponseBytes;

	private final InstantSource clock;

	TextCaller(ProviderCaller caller, ProviderClient client, CacheManager cache, PriceTable prices,
			InstantSource clock) {
		this.caller = caller;
		this.cache = cache;
		this.prices = prices;
		this.maxResponseBytes = client.maxResponseBytes();
		this.clock = clock;
	}

	/**
	 * Return how large a response may be.
	 * @return the most bytes
	 */
	long maxResponseBytes() {
		return this.maxResponseBytes;
	}

	/**
	 * Return how long a call takes at the most.
	 * @param provider the provider
	 * @return the time
	 * @see ProviderCaller#longestCall(ProviderDefinition)
	 */
	Duration longestCall(ProviderDefinition provider) {
		return this.caller.longestCall(provider);
	}

	/**
	 * Ask the provider for the answers to texts, with one call.
	 * @param call the request that the texts are from
	 * @param texts the texts, which are different ones
	 * @return the answers, in the order of the texts
	 */
	List<Asked> call(TextCall call, List<String> texts) {
		Received received = this.caller.call(new ProviderCall<>(call.provider(), call.model(),
				call.operation().write(texts), TokenEstimate.of(texts), InferenceParameters.NONE, 1,
				(response) -> new Received(response, call.operation().read(response.body(), texts))));
		List<? extends TextAnswer<?>> answers = received.answers().answers();
		Long costNanos = CallCost.nanos(received.answers().reportedCost(), call.model(), received.answers().model(),
				(model) -> costNanos(call, model, received.answers().usage()));
		this.cache.recordSpent(call.namespace(), call.model(), costNanos, received.inputTokens(),
				received.outputTokens());
		List<CachedResponse> cached = TextResponses.of(received.answers(), texts, received.response(), costNanos,
				this.clock.instant());
		List<Asked> asked = new ArrayList<>(texts.size());
		for (int i = 0; i < texts.size(); i++) {
			TextAnswer<?> answer = answers.get(i);
			asked.add(new Asked(new AnsweredText(answer.value(), answer.inputTokens(), cached.get(i).costNanos()),
					cached.get(i)));
		}
		return asked;
	}

	/**
	 * Return what a call costs. If the provider has not counted, that is known only of a
	 * model that costs nothing.
	 */
	private @Nullable Long costNanos(TextCall call, String model, @Nullable Usage usage) {
		Long cost = this.prices.costNanos(
				PriceQuery.of(call.provider().name(), model, (usage != null) ? usage : MUCH, this.clock.instant()));
		return (usage != null || cost == null || cost == 0) ? cost : null;
	}

	/**
	 * What the provider answered to one text.
	 *
	 * @param answer the answer
	 * @param cached the answer as it is stored
	 */
	record Asked(AnsweredText answer, CachedResponse cached) {
	}

	private record Received(WireResponse response, TextAnswers<?> answers) implements TokenCount {

		@Override
		public long inputTokens() {
			Usage usage = this.answers.usage();
			return (usage != null) ? usage.inputTokens() : 0;
		}

		@Override
		public long outputTokens() {
			return 0;
		}

		@Override
		public CallResult result() {
			return new CallResult(Usage.of(inputTokens(), 0), this.answers.model(), this.response.requestId(),
					List.of());
		}

	}

}
