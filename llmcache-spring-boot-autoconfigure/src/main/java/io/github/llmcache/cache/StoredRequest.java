package io.github.llmcache.cache;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was asked, read from the JSON that is kept beside an entry.
 *
 * @param namespace the namespace
 * @param endpoint the identity of the endpoint
 * @param operation the operation at the endpoint
 * @param body the request body; must not be changed
 * @param redacted whether secrets in it were replaced before it was stored, so that it
 * does not give the entry's key any more
 */
public record StoredRequest(String namespace, String endpoint, String operation, ObjectNode body, boolean redacted) {

	/** The member that marks a request in which secrets were replaced. */
	static final String REDACTED = "redacted";

	private static final JsonMapper mapper = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	/**
	 * Read the JSON of a {@link RequestRecord}.
	 * @param json the JSON
	 * @return the request
	 * @throws UnreadableEntryException if it is none
	 */
	public static StoredRequest parse(byte[] json) throws UnreadableEntryException {
		try {
			JsonNode request = mapper.readTree(json);
			if (!(request.get("body") instanceof ObjectNode body)) {
				throw new UnreadableEntryException("The request has no body", null);
			}
			return new StoredRequest(string(request, "namespace"), string(request, "endpoint"),
					string(request, "operation"), body, request.path(REDACTED).booleanValue(false));
		}
		catch (JacksonException | NumberFormatException ex) {
			// It is not the cause: its message can quote the request. Jackson does not
			// translate that of a number whose exponent is out of range
			throw new UnreadableEntryException("The request is no JSON", null);
		}
	}

	private static String string(JsonNode request, String name) throws UnreadableEntryException {
		JsonNode value = request.get(name);
		if (value == null || !value.isString()) {
			throw new UnreadableEntryException("The request has no " + name, null);
		}
		return value.stringValue();
	}

	/**
	 * Make the request of which this was kept, so far as its {@linkplain CacheRequest#key
	 * key} is concerned.
	 * @param model the model's id, by which stores keep entries apart
	 * @param messagesMember the name of the body's member that holds the messages; makes
	 * no difference to the key
	 * @param hasher computes the key
	 * @return the request, whose key cannot be computed, which throws an
	 * {@link ArithmeticException}, if it holds a number whose exponent is out of range
	 */
	public CacheRequest toRequest(String model, String messagesMember, CacheKeyHasher hasher) {
		return new CacheRequest(this.namespace, this.endpoint, this.operation, model, this.body, messagesMember,
				hasher);
	}

	@Override
	public String toString() {
		return "StoredRequest[endpoint=" + this.endpoint + ", operation=" + this.operation + "]";
	}

}
