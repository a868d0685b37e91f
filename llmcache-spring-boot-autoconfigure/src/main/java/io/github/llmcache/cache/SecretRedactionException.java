package io.github.llmcache.cache;

/**
 * It cannot be told whether something holds a secret. The message quotes none of it.
 */
final class SecretRedactionException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	SecretRedactionException(String message) {
		super(message);
	}

}
