package io.github.llmcache.pricing;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

import io.github.llmcache.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What is to be priced.
 *
 * @param provider the configured name of the provider
 * @param model the model that answered, or the one that was asked for if the provider
 * does not say
 * @param usage the tokens of one call: what a call costs can depend on its length, so
 * usages are priced before they are added up
 * @param serviceTier the tier on which the provider says it has answered, or {@code null}
 * if it does not say
 * @param batch whether the provider's batch API was used
 * @param at when the call was made
 */
public record PriceQuery(String provider, String model, Usage usage, @Nullable String serviceTier, boolean batch,
		Instant at) {

	public PriceQuery {
		Objects.requireNonNull(provider, "'provider' must not be null");
		Objects.requireNonNull(model, "'model' must not be null");
		Objects.requireNonNull(usage, "'usage' must not be null");
		Objects.requireNonNull(at, "'at' must not be null");
		serviceTier = (serviceTier != null) ? serviceTier.toLowerCase(Locale.ROOT) : null;
		batch = batch || "batch".equals(serviceTier);
	}

	/**
	 * Create a query for an ordinary call.
	 * @param provider the configured name of the provider
	 * @param model the model
	 * @param usage the tokens of the call
	 * @param at when the call was made
	 * @return the query
	 */
	public static PriceQuery of(String provider, String model, Usage usage, Instant at) {
		return new PriceQuery(provider, model, usage, null, false, at);
	}

	@Nullable String specialServiceTier() {
		return (this.serviceTier == null || this.serviceTier.isEmpty() || this.serviceTier.equals("default")
				|| this.serviceTier.equals("standard")) ? null : this.serviceTier;
	}

	/**
	 * Return whether the tokens can be priced: no number is negative and no part is
	 * greater than its whole.
	 * @return whether they are consistent
	 */
	boolean consistent() {
		Usage usage = this.usage;
		if (usage.inputTokens() < 0 || usage.outputTokens() < 0 || usage.cachedInputTokens() < 0
				|| usage.cacheWriteTokens() < 0 || usage.longCacheWriteTokens() < 0) {
			return false;
		}
		long rest = usage.inputTokens() - usage.cachedInputTokens();
		if (rest < 0) {
			return false;
		}
		rest -= usage.cacheWriteTokens();
		return rest >= 0 && rest >= usage.longCacheWriteTokens();
	}

}
