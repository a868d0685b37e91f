package io.github.llmcache.provider;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ProviderError;
import io.github.llmcache.ProviderException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Makes the HTTP calls to providers. Thread-safe; opens nothing before the first call.
 */
public final class ProviderClient implements AutoCloseable {

	private static final int RESET_CONTENT = 205;

	private static final int PARTIAL_CONTENT = 206;

	private static final int DECODED_AT_ONCE = 8192;

	private final HttpClients httpClients;

	private final int maxResponseBytes;

	private final Clock clock;

	private final Map<ProviderDefinition, RestClient> clients = new ConcurrentHashMap<>();

	private final PendingCalls pendingCalls = new PendingCalls();

	/**
	 * Create a client.
	 * @param builders gives the application's builder; what it gives is copied and never
	 * changed. Its request factory is replaced
	 * @param requestFactoryBuilder the builder of HTTP clients
	 * @param settings the settings of HTTP clients. Timeouts are those of the provider,
	 * and redirects are never followed: a key must not go to another host
	 * @param maxResponseBytes the most bytes of a response, decoded or not
	 * @param clock the clock
	 */
	public ProviderClient(Supplier<RestClient.Builder> builders,
			JdkClientHttpRequestFactoryBuilder requestFactoryBuilder, HttpClientSettings settings, int maxResponseBytes,
			Clock clock) {
		if (maxResponseBytes <= 0) {
			throw new IllegalArgumentException("'maxResponseBytes' must be positive");
		}
		this.httpClients = new HttpClients(builders, requestFactoryBuilder, settings);
		this.maxResponseBytes = maxResponseBytes;
		this.clock = clock;
	}

	/**
	 * Call a provider once, as {@link #call(ProviderDefinition, WireRequest, Consumer)}
	 * does.
	 * @param provider the provider
	 * @param request the request
	 * @return the response
	 */
	public WireResponse call(ProviderDefinition provider, WireRequest request) {
		return call(provider, request, (status) -> {
		});
	}

	/**
	 * Call a provider once. Blocks until the whole response is there; interrupting the
	 * thread ends the call.
	 * @param provider the provider
	 * @param request the request
	 * @param limits is told what the provider says of its limits, whatever else it
	 * answers
	 * @return the response, which had a success status and is not known to be anything
	 * but JSON
	 * @throws ProviderException if the provider did not answer the request. The exception
	 * is of the type for the reason
	 * @throws InferenceCancelledException if the thread was interrupted, and still is, or
	 * this client was closed
	 */
	public WireResponse call(ProviderDefinition provider, WireRequest request, Consumer<RateLimitStatus> limits) {
		BytesBody body = new BytesBody(write(request.body(), provider));
		URI uri = uri(provider, request.operation());
		if (this.pendingCalls.isClosed()) {
			throw new InferenceCancelledException("The client is closed", null);
		}
		RestClient client = this.clients.computeIfAbsent(provider, this::createClient);
		long start = System.nanoTime();
		try {
			return client.post()
				.uri(uri)
				.headers((headers) -> addHeaders(headers, provider))
				// As it is, past the application's message converters
				.body((StreamingHttpOutputMessage.Body) body)
				.exchangeForRequiredValue((sent, response) -> {
					limits.accept(RateLimitHeaders.read(response.getHeaders(), this.clock));
					return read(response, provider, start);
				}, true);
		}
		catch (RestClientException ex) {
			// It is not the cause: its message can quote the response
			throw TransportErrors.translate(ex, provider);
		}
	}

	/**
	 * Return how large a response may be.
	 * @return the most bytes
	 */
	public int maxResponseBytes() {
		return this.maxResponseBytes;
	}

	static byte[] write(ObjectNode json, ProviderDefinition provider) {
		try {
			String text = WireJson.write(json);
			// What finds out itself how much it needs takes three times as much meanwhile
			byte[] bytes = new byte[utf8Length(text)];
			CoderResult result = StandardCharsets.UTF_8.newEncoder()
				.encode(CharBuffer.wrap(text), ByteBuffer.wrap(bytes), true);
			if (result.isError()) {
				result.throwException();
			}
			return bytes;
		}
		catch (CharacterCodingException | JacksonException ex) {
			throw new InvalidRequestException(ProviderError.of(provider.name(),
					"the request cannot be written as JSON: it is nested too deeply, or holds half a character "
							+ "(a lone surrogate)"),
					null);
		}
	}

	private static int utf8Length(String text) {
		long length = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			// Half a character is half of four bytes
			length += (c < 0x80) ? 1 : (c < 0x800 || Character.isSurrogate(c)) ? 2 : 3;
		}
		return Math.toIntExact(length);
	}

	static URI uri(ProviderDefinition provider, String operation) {
		String base = provider.baseUrl().toASCIIString();
		int end = base.length();
		while (base.charAt(end - 1) == '/') {
			end--;
		}
		return URI.create(base.substring(0, end) + (operation.startsWith("/") ? "" : "/") + operation);
	}

	private static void addHeaders(HttpHeaders headers, ProviderDefinition provider) {
		provider.protocol().headers(provider).forEach(headers::set);
		provider.headers().forEach(headers::set);
		headers.setContentType(MediaType.APPLICATION_JSON);
		headers.setAccept(List.of(MediaType.APPLICATION_JSON));
	}

	private RestClient createClient(ProviderDefinition provider) {
		return this.httpClients.createRestClient((httpClient) -> new CallRequestFactory(httpClient, provider.timeout(),
				this.maxResponseBytes, this.pendingCalls), provider);
	}

	private WireResponse read(ClientHttpResponse response, ProviderDefinition provider, long start) throws IOException {
		int status = response.getStatusCode().value();
		HttpHeaders headers = response.getHeaders();
		String requestId = ProviderErrors.requestId(provider, ResponseHeaders.requestId(headers));
		if (status < 200 || status > 299) {
			throw ProviderErrors.from(provider, status, readError(response, provider), requestId,
					ResponseHeaders.retryAfter(headers, this.clock));
		}
		if (status == RESET_CONTENT || status == PARTIAL_CONTENT) {
			throw malformed(provider, status, requestId, "the response is not a whole one");
		}
		if (!ResponseHeaders.isJson(headers)) {
			throw malformed(provider, status, requestId, "the response is not JSON but of another content type");
		}
		byte[] body;
		try {
			body = readBody(response);
		}
		catch (BrokenResponseException ex) {
			throw malformed(provider, status, requestId, String.valueOf(ex.getMessage()));
		}
		if (body.length == 0) {
			throw malformed(provider, status, requestId, "the response is empty");
		}
		if (!isUtf8(body)) {
			throw malformed(provider, status, requestId, "the response is not in UTF-8");
		}
		return new WireResponse(body, requestId, Duration.ofNanos(System.nanoTime() - start));
	}

	/**
	 * Parsers of JSON are not as strict, and each in its own way.
	 */
	private static boolean isUtf8(byte[] body) {
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
		ByteBuffer bytes = ByteBuffer.wrap(body);
		CharBuffer chars = CharBuffer.allocate(Math.min(body.length, DECODED_AT_ONCE));
		CoderResult result = decoder.decode(bytes, chars, true);
		while (result.isOverflow()) {
			chars.clear();
			result = decoder.decode(bytes, chars, true);
		}
		return !result.isError();
	}

	byte[] readBody(ClientHttpResponse response) throws IOException {
		InputStream in = response.getBody();
		byte[] body = in.readNBytes(this.maxResponseBytes);
		// An interceptor can have put another body in the place of ours
		if (body.length == this.maxResponseBytes && in.read() != -1) {
			throw new BrokenResponseException("the response is larger than " + this.maxResponseBytes + " bytes");
		}
		return body;
	}

	ProviderProtocol.ErrorBody readError(ClientHttpResponse response, ProviderDefinition provider) {
		JsonNode error = WireJson.NODES.missingNode();
		try {
			error = WireJson.readResponse(readBody(response), provider);
		}
		catch (IOException | MalformedResponseException ex) {
			// The status says enough
		}
		return provider.protocol().readError(error);
	}

	private static MalformedResponseException malformed(ProviderDefinition provider, int status,
			@Nullable String requestId, String reason) {
		return new MalformedResponseException(
				new ProviderError(provider.name(), reason, status, null, null, null, requestId, null), null);
	}

	HttpClients httpClients() {
		return this.httpClients;
	}

	PendingCalls pendingCalls() {
		return this.pendingCalls;
	}

	Clock clock() {
		return this.clock;
	}

	/**
	 * End the calls that are waiting, and make no more.
	 */
	@Override
	public void close() {
		this.pendingCalls.close();
		// The JDK's clients end their threads once nobody holds them
		this.clients.clear();
	}

}
