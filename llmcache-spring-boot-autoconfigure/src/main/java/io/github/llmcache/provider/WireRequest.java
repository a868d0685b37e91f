package io.github.llmcache.provider;

import java.util.Objects;

import tools.jackson.databind.node.ObjectNode;

/**
 * A request in the provider's own form.
 *
 * @param operation the path of the operation below the provider's base URL, without a
 * leading slash, such as {@code chat/completions}. Part of the cache key
 * @param body the request body. Part of the cache key; must not be changed any more
 * @param messagesMember the name of the body's member that holds the messages
 */
public record WireRequest(String operation, ObjectNode body, String messagesMember) {

	public WireRequest {
		Objects.requireNonNull(operation, "'operation' must not be null");
		Objects.requireNonNull(body, "'body' must not be null");
		Objects.requireNonNull(messagesMember, "'messagesMember' must not be null");
	}

	/**
	 * Describe the request without what it says.
	 */
	@Override
	public String toString() {
		return "WireRequest[operation=" + this.operation + "]";
	}

}
