package io.github.llmcache.cache.encryption;

/**
 * What is sealed, so that one cannot be taken for the other.
 */
enum SealKind {

	/** The body of a response. */
	BODY,

	/** What was asked. */
	REQUEST

}
