package io.github.llmcache.provider;

import java.io.IOException;

/**
 * A response began and cannot be used. The message never quotes it.
 */
final class BrokenResponseException extends IOException {

	private static final long serialVersionUID = 1L;

	BrokenResponseException(String message) {
		super(message);
	}

}
