package io.github.llmcache.provider;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.http.StreamingHttpOutputMessage;

/**
 * The body of a request that is mostly a file, which is never in memory as a whole.
 *
 * @param head what is before the file
 * @param file the file
 * @param tail what is after the file
 */
record FileBody(byte[] head, Path file, byte[] tail) implements StreamingHttpOutputMessage.Body {

	/**
	 * Write all of it, for interceptors that want to see it.
	 */
	@Override
	public void writeTo(OutputStream out) throws IOException {
		out.write(this.head);
		Files.copy(this.file, out);
		out.write(this.tail);
	}

	@Override
	public boolean repeatable() {
		return true;
	}

	BodyPublisher publisher() throws FileNotFoundException {
		return BodyPublishers.concat(BodyPublishers.ofByteArray(this.head), BodyPublishers.ofFile(this.file),
				BodyPublishers.ofByteArray(this.tail));
	}

}
