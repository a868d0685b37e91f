package io.github.llmcache.provider;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * A response that has arrived. Reading it waits for nothing, and fails at the end if the
 * response broke off there.
 */
final class CollectedResponse implements ClientHttpResponse {

	private final HttpStatusCode status;

	private final HttpHeaders headers;

	private final InputStream body;

	CollectedResponse(ResponseInfo info, BodyCollector.Body body, int maxBytes) {
		this.status = HttpStatusCode.valueOf(info.statusCode());
		HttpHeaders headers = new HttpHeaders();
		info.headers().map().forEach(headers::put);
		BodyCollector.Body decoded = decode(headers, body, maxBytes);
		this.headers = HttpHeaders.readOnlyHttpHeaders(headers);
		InputStream bytes = new ByteArrayInputStream(decoded.bytes());
		this.body = (decoded.failure() != null) ? new SequenceInputStream(bytes, new FailingStream(decoded.failure()))
				: bytes;
	}

	/**
	 * Decode what was not asked for but is sent by some gateways.
	 */
	private static BodyCollector.Body decode(HttpHeaders headers, BodyCollector.Body body, int maxBytes) {
		String encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
		if (encoding == null || body.bytes().length == 0) {
			return body;
		}
		switch (encoding.toLowerCase(Locale.ROOT)) {
			case "gzip", "x-gzip" -> {
				headers.remove(HttpHeaders.CONTENT_ENCODING);
				headers.remove(HttpHeaders.CONTENT_LENGTH);
				return unzip(body, maxBytes);
			}
			case "identity" -> {
				return body;
			}
			default -> {
				return new BodyCollector.Body(new byte[0],
						new BrokenResponseException("the response has a content encoding that was not asked for"));
			}
		}
	}

	private static BodyCollector.Body unzip(BodyCollector.Body body, int maxBytes) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		IOException failure = body.failure();
		try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body.bytes()))) {
			byte[] buffer = new byte[8192];
			for (int read = in.read(buffer); read != -1; read = in.read(buffer)) {
				if (read > maxBytes - bytes.size()) {
					failure = new BrokenResponseException("the response is larger than " + maxBytes + " bytes");
					break;
				}
				bytes.write(buffer, 0, read);
			}
		}
		catch (IOException ex) {
			failure = (failure != null) ? failure : new BrokenResponseException("the response is not valid gzip");
		}
		return new BodyCollector.Body(bytes.toByteArray(), failure);
	}

	@Override
	public HttpStatusCode getStatusCode() {
		return this.status;
	}

	@Override
	public String getStatusText() {
		return (this.status instanceof HttpStatus known) ? known.getReasonPhrase() : "";
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

	@Override
	public InputStream getBody() {
		return this.body;
	}

	@Override
	public void close() {
		// Nothing is open any more
	}

	private static final class FailingStream extends InputStream {

		private final IOException failure;

		private FailingStream(IOException failure) {
			this.failure = failure;
		}

		@Override
		public int read() throws IOException {
			throw this.failure;
		}

	}

}
