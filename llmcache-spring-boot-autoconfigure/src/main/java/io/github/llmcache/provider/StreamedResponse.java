package io.github.llmcache.provider;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * A response whose body is still arriving. Used by one thread.
 */
final class StreamedResponse implements ClientHttpResponse {

	private static final int MIN_STATUS = 100;

	private static final int MAX_STATUS = 999;

	private final HttpStatusCode status;

	private final HttpHeaders headers;

	private final InputStream body;

	private final Runnable release;

	private @Nullable InputStream decoded;

	/**
	 * Create a response.
	 * @param response the status and headers
	 * @param body the body
	 * @param release called when the body is not read any more
	 * @throws IOException if the status is none
	 */
	StreamedResponse(HttpResponse<?> response, InputStream body, Runnable release) throws IOException {
		if (response.statusCode() < MIN_STATUS || response.statusCode() > MAX_STATUS) {
			throw new BrokenResponseException("the response has no status");
		}
		this.status = HttpStatusCode.valueOf(response.statusCode());
		HttpHeaders headers = new HttpHeaders();
		response.headers().map().forEach(headers::put);
		this.headers = HttpHeaders.readOnlyHttpHeaders(headers);
		this.body = body;
		this.release = release;
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
	public InputStream getBody() throws IOException {
		InputStream decoded = this.decoded;
		if (decoded == null) {
			decoded = decode();
			this.decoded = decoded;
		}
		return decoded;
	}

	/**
	 * Decode what was not asked for but is sent by some gateways.
	 */
	private InputStream decode() throws IOException {
		String encoding = this.headers.getFirst(HttpHeaders.CONTENT_ENCODING);
		switch ((encoding != null) ? encoding.toLowerCase(Locale.ROOT) : "identity") {
			case "identity" -> {
				return this.body;
			}
			case "gzip", "x-gzip" -> {
				try {
					return new GZIPInputStream(this.body);
				}
				catch (ZipException ex) {
					throw new BrokenResponseException("the response is not valid gzip");
				}
			}
			default -> throw new BrokenResponseException("the response has a content encoding that was not asked for");
		}
	}

	@Override
	public void close() {
		this.release.run();
	}

}
