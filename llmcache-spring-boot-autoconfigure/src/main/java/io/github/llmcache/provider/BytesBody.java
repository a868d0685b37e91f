package io.github.llmcache.provider;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

import org.springframework.http.StreamingHttpOutputMessage;

/**
 * The body of a request that is in memory once, for as long as the call takes.
 *
 * @param bytes the body
 */
record BytesBody(byte[] bytes) implements StreamingHttpOutputMessage.Body {

	/**
	 * Write all of it, for interceptors that want to see it.
	 */
	@Override
	public void writeTo(OutputStream out) throws IOException {
		out.write(this.bytes);
	}

	@Override
	public boolean repeatable() {
		return true;
	}

	BodyPublisher publisher() {
		return BodyPublishers.ofByteArray(this.bytes);
	}

}
