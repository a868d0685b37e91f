package io.github.llmcache.inference;

import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import org.jspecify.annotations.Nullable;

/**
 * A sample with its share of what its call took: the samples of one call share its usage
 * and its cost.
 *
 * @param part the response that holds it
 * @param position its position there
 * @param paid whether it is paid for now, and not replayed
 */
record DrawnSample(Part part, int position, boolean paid) {

	Sample sample() {
		return this.part.samples().get(this.position);
	}

	/**
	 * Return the sample's share of the cost.
	 * @return billionths of a US dollar, or {@code null} if the price is unknown
	 */
	@Nullable Long costNanos() {
		Long costNanos = this.part.cached().costNanos();
		return (costNanos != null) ? share(costNanos) : null;
	}

	Usage usage() {
		Usage usage = this.part.usage();
		return new Usage(share(usage.inputTokens()), share(usage.outputTokens()), share(usage.cachedInputTokens()),
				share(usage.cacheWriteTokens()), share(usage.longCacheWriteTokens()), share(usage.reasoningTokens()));
	}

	private long share(long whole) {
		return this.part.cached().share(whole, this.position, this.position + 1);
	}

}
