package io.github.llmcache.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Sends requests and collects their responses whole.
 * <p>
 * Spring's own factory for the same client hands out the body as a stream. On JDK 17 a
 * thread that reads that stream does not notice an interrupt, and closing it reads on to
 * the end, which may never come. Here the bound, the timeout and an interrupt hold to the
 * last byte, also below interceptors that buffer.
 */
class CallRequestFactory implements ClientHttpRequestFactory {

	/** The client sets these itself, and takes them from nobody. */
	private static final Set<String> RESTRICTED_HEADERS = Set.of("connection", "content-length", "expect", "host",
			"upgrade");

	private static final int MIN_STATUS = 100;

	private static final int MAX_STATUS = 999;

	private final HttpClient httpClient;

	private final Duration timeout;

	private final int maxResponseBytes;

	private final PendingCalls pendingCalls;

	CallRequestFactory(HttpClient httpClient, Duration timeout, int maxResponseBytes, PendingCalls pendingCalls) {
		this.httpClient = httpClient;
		this.timeout = timeout;
		this.maxResponseBytes = maxResponseBytes;
		this.pendingCalls = pendingCalls;
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod httpMethod) {
		return new CallRequest(uri, httpMethod);
	}

	ClientHttpResponse send(HttpRequest request) throws IOException {
		if (Thread.currentThread().isInterrupted()) {
			throw new InterruptedIOException("Interrupted before the request was sent");
		}
		BodyCollector collector = new BodyCollector(this.maxResponseBytes);
		CompletableFuture<HttpResponse<BodyCollector.Body>> call = this.httpClient.sendAsync(request, collector);
		this.pendingCalls.add(call);
		try {
			HttpResponse<BodyCollector.Body> response = call.get(TimeUnit.NANOSECONDS.convert(this.timeout),
					TimeUnit.NANOSECONDS);
			return respond(collector, response.body());
		}
		catch (TimeoutException ex) {
			throw new HttpTimeoutException("request timed out");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while waiting for the response");
		}
		catch (CancellationException | ExecutionException ex) {
			if (this.pendingCalls.isClosed()) {
				throw new InterruptedIOException("The client was closed");
			}
			if (collector.info() != null) {
				return respond(collector,
						new BodyCollector.Body(new byte[0], new BrokenResponseException("the response was cut off")));
			}
			throw (ex.getCause() instanceof IOException failure) ? failure : new IOException("The call failed");
		}
		finally {
			this.pendingCalls.remove(call);
			if (!call.isDone()) {
				call.cancel(true);
				collector.cancel();
			}
		}
	}

	private ClientHttpResponse respond(BodyCollector collector, BodyCollector.Body body) throws IOException {
		ResponseInfo info = collector.info();
		if (info == null || info.statusCode() < MIN_STATUS || info.statusCode() > MAX_STATUS) {
			throw new BrokenResponseException("the response has no status");
		}
		return new CollectedResponse(info, body, this.maxResponseBytes);
	}

	private final class CallRequest extends AbstractClientHttpRequest implements StreamingHttpOutputMessage {

		private final URI uri;

		private final HttpMethod method;

		private final ByteArrayOutputStream body = new ByteArrayOutputStream();

		private @Nullable Body streamed;

		private CallRequest(URI uri, HttpMethod method) {
			this.uri = uri;
			this.method = method;
		}

		@Override
		public URI getURI() {
			return this.uri;
		}

		@Override
		public HttpMethod getMethod() {
			return this.method;
		}

		@Override
		protected OutputStream getBodyInternal(HttpHeaders headers) {
			return this.body;
		}

		@Override
		public void setBody(Body body) {
			this.streamed = body;
		}

		@Override
		protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
			return send(toHttpRequest(headers));
		}

		private BodyPublisher publisher() throws IOException {
			if (this.streamed instanceof FileBody file) {
				return file.publisher();
			}
			if (this.streamed instanceof BytesBody bytes) {
				return bytes.publisher();
			}
			if (this.streamed != null) {
				this.streamed.writeTo(this.body);
			}
			return (this.body.size() > 0) ? BodyPublishers.ofByteArray(this.body.toByteArray())
					: BodyPublishers.noBody();
		}

		private HttpRequest toHttpRequest(HttpHeaders headers) throws IOException {
			try {
				HttpRequest.Builder request = HttpRequest.newBuilder(this.uri).method(this.method.name(), publisher());
				headers.forEach((name, values) -> {
					if (!RESTRICTED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
						values.forEach((value) -> request.header(name, value));
					}
				});
				return request.build();
			}
			catch (IllegalArgumentException ex) {
				// The cause would quote the header
				throw new IOException("The request has a header or URL that cannot be sent");
			}
		}

	}

}
