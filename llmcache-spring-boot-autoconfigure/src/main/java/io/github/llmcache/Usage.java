package io.github.llmcache;

/**
 * The tokens of one or more calls, counted the same way for every provider: the parts are
 * contained in their wholes.
 *
 * @param inputTokens all tokens of the prompt, including those read from or written to
 * the provider's prompt cache
 * @param outputTokens all tokens of the answer, including reasoning
 * @param cachedInputTokens the part of the input that was read from the provider's prompt
 * cache
 * @param cacheWriteTokens the part of the input that was written to the provider's prompt
 * cache for a short time (Anthropic: 5 minutes)
 * @param longCacheWriteTokens the part of the input that was written to the provider's
 * prompt cache for a long time (Anthropic: 1 hour)
 * @param reasoningTokens the part of the output that was reasoning
 */
public record Usage(long inputTokens, long outputTokens, long cachedInputTokens, long cacheWriteTokens,
		long longCacheWriteTokens, long reasoningTokens) {

	/** No tokens. */
	public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);

	/**
	 * Create a usage without details.
	 * @param inputTokens the tokens of the prompt
	 * @param outputTokens the tokens of the answer
	 * @return the usage
	 */
	public static Usage of(long inputTokens, long outputTokens) {
		return new Usage(inputTokens, outputTokens, 0, 0, 0, 0);
	}

	/**
	 * Return the tokens of prompt and answer.
	 * @return the sum
	 */
	public long totalTokens() {
		return this.inputTokens + this.outputTokens;
	}

	/**
	 * Add another usage.
	 * @param other the other usage
	 * @return the sum
	 */
	public Usage plus(Usage other) {
		return new Usage(this.inputTokens + other.inputTokens, this.outputTokens + other.outputTokens,
				this.cachedInputTokens + other.cachedInputTokens, this.cacheWriteTokens + other.cacheWriteTokens,
				this.longCacheWriteTokens + other.longCacheWriteTokens, this.reasoningTokens + other.reasoningTokens);
	}

}
