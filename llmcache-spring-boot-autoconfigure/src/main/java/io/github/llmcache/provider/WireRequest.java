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
 * @param stateful whether the answer depends on what the provider keeps from elsewhere,
 * or the provider keeps something of the request that others can refer to. The same
 * request is then another question each time: it is sent, but never answered from the
 * cache, stored, or shared with an identical one
 */
public record WireRequest(String operation, ObjectNode body, String messagesMember, boolean stateful) {

	public WireRequest {
		Objects.requireNonNull(operation, "'operation' must not be null");
		Objects.requireNonNull(body, "'body' must not be null");
		Objects.requireNonNull(messagesMember, "'messagesMember' must not be null");
	}

	/**
	 * Create a request that says everything its answer depends on.
	 * @param operation the path of the operation below the provider's base URL
	 * @param body the request body; must not be changed any more
	 * @param messagesMember the name of the body's member that holds the messages
	 */
	public WireRequest(String operation, ObjectNode body, String messagesMember) {
		this(operation, body, messagesMember, false);
	}

	/**
	 * Describe the request without what it says.
	 */
	@Override
	public String toString() {
		return "WireRequest[operation=" + this.operation + "]";
	}

}
