package io.github.llmcache.inference;

import io.github.llmcache.inference.CallObservation.CallResult;

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

	/**
	 * Return what can be said of the answer without saying what was answered.
	 * @return the result of the call
	 */
	CallResult result();

}
