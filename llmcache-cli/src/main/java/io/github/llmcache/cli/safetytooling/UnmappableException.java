package io.github.llmcache.cli.safetytooling;

/**
 * Something in a cache of the library has no equivalent here, or is not what the library
 * writes. The message is the reason, and quotes nothing of it.
 */
final class UnmappableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	UnmappableException(String reason) {
		// It is met as often as there are entries, and nobody looks where
		super(reason, null, false, false);
	}

	String reason() {
		return String.valueOf(getMessage());
	}

}
