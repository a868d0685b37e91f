package io.github.llmcache.provider;

import java.time.Duration;
import java.util.Map;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ProviderException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A provider's protocol: a mapping between typed requests and responses and the
 * provider's own JSON. Holds no state, does no I/O, and is thread-safe.
 */
public interface ProviderProtocol {

	/**
	 * Return the name by which the protocol is configured.
	 * @return the name, such as {@code openai}
	 */
	String name();

	/**
	 * Map a request to the wire. The same request always gives the same body.
	 * @param request the request
	 * @param provider the provider that it is for
	 * @return the request in the provider's form
	 * @throws InvalidRequestException if the protocol has no form for a part of the
	 * request: nothing is left out silently
	 */
	WireRequest write(InferenceRequest request, ProviderDefinition provider);

	/**
	 * Return how many samples a call can be asked for.
	 * @return the most samples; 1 if the protocol has no parameter for their number,
	 * which is why {@link #write} never sets it: it is not part of what is asked
	 */
	default int maxSamplesPerCall() {
		return 1;
	}

	/**
	 * Ask for several samples at once.
	 * @param request what {@link #write} returned
	 * @param samples the number of samples, from 2 to {@link #maxSamplesPerCall()}
	 * @return a request of its own that asks for so many
	 */
	default WireRequest withSamples(WireRequest request, int samples) {
		throw new UnsupportedOperationException("Protocol '" + name() + "' has no parameter for several samples");
	}

	/**
	 * Read a response body that came with a success status, or was stored.
	 * @param body the body, byte for byte
	 * @param provider the provider that it came from
	 * @return what the body says
	 * @throws MalformedResponseException if the body is not what the protocol describes
	 * @throws ProviderException if the body is an error in spite of the status
	 */
	ProviderAnswer read(byte[] body, ProviderDefinition provider);

	/**
	 * Return the headers that carry the provider's key and the protocol's version.
	 * @param provider the provider
	 * @return the headers
	 */
	Map<String, String> headers(ProviderDefinition provider);

	/**
	 * Read the body of an error response.
	 * @param body the body, or a missing node if it is not JSON
	 * @return what the body says of the error, with {@code null} for what it does not say
	 */
	ErrorBody readError(JsonNode body);

	/**
	 * Return how the provider takes many requests at once, to be answered later.
	 * @return the protocol of batches, or {@code null} if there is none
	 */
	default @Nullable BatchProtocol batches() {
		return null;
	}

	/**
	 * What the body of an error response says.
	 *
	 * @param type the provider's type of the error
	 * @param code the provider's code of the error
	 * @param message the provider's own words, which may quote the prompt
	 * @param requestId the provider's identifier of the call
	 * @param retryAfter how long the provider asks to wait before the next attempt
	 */
	record ErrorBody(@Nullable String type, @Nullable String code, @Nullable String message, @Nullable String requestId,
			@Nullable Duration retryAfter) {

		/** Nothing is known. */
		public static final ErrorBody UNKNOWN = new ErrorBody(null, null, null, null);

		/**
		 * Create what a body says that does not ask to wait.
		 * @param type the provider's type of the error
		 * @param code the provider's code of the error
		 * @param message the provider's own words, which may quote the prompt
		 * @param requestId the provider's identifier of the call
		 */
		public ErrorBody(@Nullable String type, @Nullable String code, @Nullable String message,
				@Nullable String requestId) {
			this(type, code, message, requestId, null);
		}

	}

}
