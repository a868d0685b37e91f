package io.github.llmcache.cache.encryption;

import io.github.llmcache.cache.CacheStoreUnavailableException;

/**
 * The cache is encrypted with another key than the configured one, or only one of both is
 * encrypted at all. Nothing was read, written or deleted.
 */
public final class EncryptionMismatchException extends CacheStoreUnavailableException {

	private static final long serialVersionUID = 1L;

	private final String description;

	private final String action;

	EncryptionMismatchException(String description, String action) {
		super(description + " " + action, null);
		this.description = description;
		this.action = action;
	}

	/**
	 * Return what is wrong.
	 * @return a sentence, which names keys by their identifiers
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Return what to do.
	 * @return a sentence
	 */
	public String action() {
		return this.action;
	}

}
