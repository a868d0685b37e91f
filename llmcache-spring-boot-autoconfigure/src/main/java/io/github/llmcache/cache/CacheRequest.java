package io.github.llmcache.cache;

import java.util.Objects;

import tools.jackson.databind.node.ObjectNode;

/**
 * A provider-native request as the cache sees it: everything that decides the answer, and
 * nothing else. Thread-safe as long as nobody changes the body.
 */
public final class CacheRequest {

	private final String namespace;

	private final String endpoint;

	private final String operation;

	private final String model;

	private final ObjectNode body;

	private final String messagesMember;

	private final CacheKeyHasher hasher;

	private final CacheKey key;

	/**
	 * Create a request.
	 * @param namespace the namespace; may be empty
	 * @param endpoint the identity of the endpoint: its normalised base URL or an
	 * identity configured for it
	 * @param operation the operation at the endpoint, such as {@code chat/completions}
	 * @param model the model's id, by which stores keep entries apart
	 * @param body the request body; must not be changed any more
	 * @param messagesMember the name of the body's member that holds the messages
	 * @param hasher computes the key; the same for all requests of an application
	 */
	public CacheRequest(String namespace, String endpoint, String operation, String model, ObjectNode body,
			String messagesMember, CacheKeyHasher hasher) {
		this.namespace = Objects.requireNonNull(namespace, "'namespace' must not be null");
		this.endpoint = Objects.requireNonNull(endpoint, "'endpoint' must not be null");
		this.operation = Objects.requireNonNull(operation, "'operation' must not be null");
		this.model = Objects.requireNonNull(model, "'model' must not be null");
		this.body = Objects.requireNonNull(body, "'body' must not be null");
		this.messagesMember = Objects.requireNonNull(messagesMember, "'messagesMember' must not be null");
		this.hasher = Objects.requireNonNull(hasher, "'hasher' must not be null");
		this.key = CacheKey.of(this);
	}

	/**
	 * Return the key.
	 * @return the key, whose hashes are computed once, when they are needed
	 */
	public CacheKey key() {
		return this.key;
	}

	public String namespace() {
		return this.namespace;
	}

	public String endpoint() {
		return this.endpoint;
	}

	public String operation() {
		return this.operation;
	}

	public String model() {
		return this.model;
	}

	public ObjectNode body() {
		return this.body;
	}

	/**
	 * Return whether all that decides the answer is equal. The hashes of the keys are
	 * needed only if that is said in other words, such as 1 and 1.0.
	 */
	boolean asksTheSame(CacheRequest other) {
		return this == other || this.key.fingerprint() == other.key.fingerprint() && this.model.equals(other.model)
				&& (saysTheSame(other) || this.key.equals(other.key));
	}

	private boolean saysTheSame(CacheRequest other) {
		return this.namespace.equals(other.namespace) && this.endpoint.equals(other.endpoint)
				&& this.operation.equals(other.operation) && this.body.equals(other.body);
	}

	String messagesMember() {
		return this.messagesMember;
	}

	CacheKeyHasher hasher() {
		return this.hasher;
	}

	/**
	 * Describe the request without what it says.
	 */
	@Override
	public String toString() {
		return "CacheRequest[endpoint=" + this.endpoint + ", operation=" + this.operation + ", model=" + this.model
				+ "]";
	}

}
