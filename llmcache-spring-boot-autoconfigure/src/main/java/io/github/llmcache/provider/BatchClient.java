package io.github.llmcache.provider;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.ProviderException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Makes the HTTP calls by which batches are created, watched and read: files of any size
 * go both ways in bounded memory, and a key only goes below the provider's base URL.
 * Thread-safe; opens nothing before the first call, and ends with the
 * {@link ProviderClient} that it belongs to.
 * <p>
 * All methods block, and end when the thread is interrupted. They throw
 * {@link ProviderException} of the type for the reason if the provider does not do what
 * it is asked, and {@link InferenceCancelledException} if the thread was interrupted, and
 * still is, or the client was closed.
 */
public final class BatchClient {

	/** As much as 16 results of the largest possible size. */
	private static final long MAX_SKIPPED_BYTES = 16L * 1024 * 1024 * 1024;

	private final ProviderClient client;

	private final Map<ProviderDefinition, RestClient> clients = new ConcurrentHashMap<>();

	private final Map<ProviderDefinition, RestClient> streamingClients = new ConcurrentHashMap<>();

	/**
	 * Create a client.
	 * @param client the client that calls the same providers
	 */
	public BatchClient(ProviderClient client) {
		this.client = client;
	}

	/**
	 * Get an object.
	 * @param provider the provider
	 * @param path the path below its base URL, with its query
	 * @return the JSON object
	 */
	public ObjectNode get(ProviderDefinition provider, String path) {
		return exchange(provider, HttpMethod.GET, path, (headers) -> {
		}, null);
	}

	/**
	 * Post an object.
	 * @param provider the provider
	 * @param path the path below its base URL
	 * @param body the object, or {@code null} for none
	 * @return the JSON object that is the answer
	 */
	public ObjectNode post(ProviderDefinition provider, String path, @Nullable ObjectNode body) {
		if (body == null) {
			return exchange(provider, HttpMethod.POST, path, (headers) -> {
			}, null);
		}
		byte[] json = ProviderClient.write(body, provider);
		return exchange(provider, HttpMethod.POST, path,
				(headers) -> headers.setContentType(MediaType.APPLICATION_JSON), (out) -> out.write(json));
	}

	/**
	 * Post a file.
	 * @param provider the provider
	 * @param path the path below its base URL
	 * @param contentType the type of what is posted
	 * @param head what is before the file
	 * @param file the file
	 * @param tail what is after the file
	 * @return the JSON object that is the answer
	 */
	public ObjectNode post(ProviderDefinition provider, String path, String contentType, byte[] head, Path file,
			byte[] tail) {
		return exchange(provider, HttpMethod.POST, path,
				(headers) -> headers.set(HttpHeaders.CONTENT_TYPE, contentType), new FileBody(head, file, tail));
	}

	/**
	 * Read a file of lines.
	 * @param provider the provider
	 * @param path the path below its base URL
	 * @param handler is given the lines on this thread; what it throws ends the call
	 */
	public void readLines(ProviderDefinition provider, String path, LineHandler handler) {
		RestClient client = client(this.streamingClients, provider, this::createStreamingClient);
		try {
			client.get()
				.uri(uri(provider, path))
				.headers((headers) -> addHeaders(headers, provider))
				.header(HttpHeaders.ACCEPT, MediaType.ALL_VALUE)
				.exchangeForRequiredValue((sent, response) -> {
					requireSuccess(response, provider);
					new LineReader(this.client.maxResponseBytes(), MAX_SKIPPED_BYTES, handler).read(response.getBody());
					return true;
				}, true);
		}
		catch (RestClientException ex) {
			throw TransportErrors.translate(ex, provider);
		}
	}

	/**
	 * Write an object as it goes over the wire.
	 * @param json the object
	 * @param provider the provider that it is for
	 * @return the object on one line, in UTF-8
	 * @throws InvalidRequestException if it cannot be written as JSON
	 */
	public static byte[] write(ObjectNode json, ProviderDefinition provider) {
		return ProviderClient.write(json, provider);
	}

	private ObjectNode exchange(ProviderDefinition provider, HttpMethod method, String path,
			Consumer<HttpHeaders> contentHeaders, StreamingHttpOutputMessage.@Nullable Body body) {
		RestClient client = client(this.clients, provider, this::createClient);
		try {
			RestClient.RequestBodySpec request = client.method(method).uri(uri(provider, path)).headers((headers) -> {
				addHeaders(headers, provider);
				contentHeaders.accept(headers);
			}).accept(MediaType.APPLICATION_JSON);
			if (body != null) {
				request.body(body);
			}
			return request.exchangeForRequiredValue((sent, response) -> readObject(response, provider), true);
		}
		catch (RestClientException ex) {
			throw TransportErrors.translate(ex, provider);
		}
	}

	private RestClient client(Map<ProviderDefinition, RestClient> clients, ProviderDefinition provider,
			Function<ProviderDefinition, RestClient> create) {
		if (this.client.pendingCalls().isClosed()) {
			throw new InferenceCancelledException("The client is closed", null);
		}
		return Objects.requireNonNull(clients.computeIfAbsent(provider, create));
	}

	private RestClient createClient(ProviderDefinition provider) {
		return this.client.httpClients()
			.createRestClient((httpClient) -> new CallRequestFactory(httpClient, provider.timeout(),
					this.client.maxResponseBytes(), this.client.pendingCalls()), provider);
	}

	private RestClient createStreamingClient(ProviderDefinition provider) {
		return this.client.httpClients()
			.createRestClient((httpClient) -> new StreamRequestFactory(httpClient, provider.timeout(),
					this.client.pendingCalls()), provider);
	}

	private static URI uri(ProviderDefinition provider, String path) {
		return ProviderClient.uri(provider, path);
	}

	private static void addHeaders(HttpHeaders headers, ProviderDefinition provider) {
		provider.protocol().headers(provider).forEach(headers::set);
		provider.headers().forEach(headers::set);
	}

	private ObjectNode readObject(ClientHttpResponse response, ProviderDefinition provider) throws IOException {
		requireSuccess(response, provider);
		try {
			return WireJson.readResponse(this.client.readBody(response), provider);
		}
		catch (BrokenResponseException ex) {
			throw ProviderErrors.malformed(provider, String.valueOf(ex.getMessage()));
		}
	}

	private void requireSuccess(ClientHttpResponse response, ProviderDefinition provider) throws IOException {
		int status = response.getStatusCode().value();
		if (status < 200 || status > 299) {
			HttpHeaders headers = response.getHeaders();
			throw ProviderErrors.from(provider, status, this.client.readError(response, provider),
					ProviderErrors.requestId(provider, ResponseHeaders.requestId(headers)),
					ResponseHeaders.retryAfter(headers, this.client.clock()));
		}
	}

	/**
	 * Is given the lines of a file.
	 */
	public interface LineHandler {

		/**
		 * Called for each line that is not empty.
		 * @param line the line without its end
		 * @param complete whether the line has an end. The last one may have none, or may
		 * have been cut off
		 */
		void line(byte[] line, boolean complete);

		/**
		 * Called for each line that is longer than the largest response.
		 */
		void tooLong();

	}

}
