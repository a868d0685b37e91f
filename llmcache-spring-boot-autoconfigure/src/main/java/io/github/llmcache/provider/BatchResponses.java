package io.github.llmcache.provider;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ProviderError;
import io.github.llmcache.ProviderTimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the protocols of batches have in common when they read responses. Nothing in them
 * is trusted.
 */
public final class BatchResponses {

	/** Becomes part of a path, and of a file of ours. */
	private static final Pattern ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,255}");

	private BatchResponses() {
	}

	/**
	 * Return the provider's identifier of something.
	 * @param node the node
	 * @param name where in the response it is
	 * @param provider the provider that it came from
	 * @return the identifier: letters, digits, underscores, hyphens and dots, at most 256
	 * @throws MalformedResponseException if it is not such an identifier
	 */
	public static String id(JsonNode node, String name, ProviderDefinition provider) {
		String id = WireJson.string(node);
		if (id == null || !ID.matcher(id).matches()) {
			throw malformed(provider, name);
		}
		return id;
	}

	/**
	 * Return how many there are.
	 * @param node the node
	 * @return the count, 0 if the provider does not say
	 */
	public static long count(JsonNode node) {
		Long count = WireJson.count(node);
		return (count != null) ? count : 0;
	}

	/**
	 * Return a time.
	 * @param node seconds since 1970, or a text in the format of ISO 8601
	 * @return the time, or {@code null} if it is neither
	 */
	public static @Nullable Instant time(JsonNode node) {
		try {
			Long seconds = WireJson.count(node);
			if (seconds != null) {
				return Instant.ofEpochSecond(seconds);
			}
			String text = WireJson.string(node);
			return (text != null) ? Instant.parse(text) : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	/**
	 * Create the exception for a member that is not as it has to be.
	 * @param provider the provider that it came from
	 * @param name where in the response it is
	 * @return the exception; the caller throws it
	 */
	public static MalformedResponseException malformed(ProviderDefinition provider, String name) {
		return new ResponseFields(provider, "one of the batch API").malformed("", name);
	}

	/**
	 * Create the failure of a request that was not processed in time.
	 * @param provider the provider
	 * @return the failure; the same request can succeed later
	 */
	public static InferenceException expired(ProviderDefinition provider) {
		return new ProviderTimeoutException(ProviderError.of(provider.name(),
				"the batch expired before this request was processed: it has cost nothing, and can be asked again"),
				null);
	}

	/**
	 * Create the failure of a request that was not processed because its batch was
	 * cancelled.
	 * @param provider the provider
	 * @return the failure
	 */
	public static InferenceException cancelled(ProviderDefinition provider) {
		return new InferenceCancelledException("Provider '" + provider.name()
				+ "': the batch was cancelled before this request was processed: it has cost nothing", null);
	}

}
