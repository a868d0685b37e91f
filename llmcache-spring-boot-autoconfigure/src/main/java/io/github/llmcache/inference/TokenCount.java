package io.github.llmcache.inference;

/**
 * What a call of a provider came to, with the tokens that it took.
 */
interface TokenCount {

	/**
	 * Return the tokens of the prompt.
	 * @return the number, 0 if the provider did not say
	 */
	long inputTokens();

	/**
	 * Return the tokens of the answer.
	 * @return the number, 0 if the provider did not say
	 */
	long outputTokens();

}
