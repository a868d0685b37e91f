package io.github.llmcache.cache;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamWriteException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a request as the JSON that is kept beside its entry.
 */
final class RequestJson {

	private static final JsonMapper mapper = new JsonMapper();

	private static final JsonMapper escapingMapper = JsonMapper.builder()
		.enable(JsonWriteFeature.ESCAPE_NON_ASCII)
		.build();

	/** More than the names and signs that the encoding of keys does not have take. */
	private static final int SYNTAX = 256;

	private RequestJson() {
	}

	static byte[] write(CacheRequest request) {
		return Objects.requireNonNull(write(request, Integer.MAX_VALUE));
	}

	/**
	 * Write a request unless that takes too much memory.
	 * @param request the request
	 * @param most the most bytes
	 * @return the JSON, or {@code null} if it is longer
	 */
	static byte @Nullable [] write(CacheRequest request, long most) {
		try {
			return write(request, most, mapper);
		}
		catch (StreamWriteException ex) {
			// UTF-8 has no lone surrogates; escaped they are kept
			return write(request, most, escapingMapper);
		}
	}

	private static byte @Nullable [] write(CacheRequest request, long most, JsonMapper mapper) {
		BoundedOutput json = new BoundedOutput(expectedSize(request, most), most);
		try {
			write(request, json, mapper);
			return json.toByteArray();
		}
		catch (JacksonIOException ex) {
			// The only failure that memory has
			return null;
		}
	}

	private static void write(CacheRequest request, OutputStream json, JsonMapper mapper) {
		try (JsonGenerator generator = mapper.createGenerator(json)) {
			generator.writeStartObject();
			generator.writeStringProperty("namespace", request.namespace());
			generator.writeStringProperty("endpoint", request.endpoint());
			generator.writeStringProperty("operation", request.operation());
			generator.writeName("body");
			mapper.writeTree(generator, request.body());
			generator.writeEndObject();
		}
	}

	private static int expectedSize(CacheRequest request, long most) {
		return (int) Math.min(request.key().encodedLength() + SYNTAX, Math.min(most, Integer.MAX_VALUE / 2));
	}

	/**
	 * Holds bytes until there are too many.
	 */
	private static final class BoundedOutput extends OutputStream {

		private final ByteArrayOutputStream bytes;

		private final long most;

		private BoundedOutput(int expected, long most) {
			this.bytes = new ByteArrayOutputStream(expected);
			this.most = most;
		}

		@Override
		public void write(int single) throws IOException {
			require(1);
			this.bytes.write(single);
		}

		@Override
		public void write(byte[] source, int offset, int length) throws IOException {
			require(length);
			this.bytes.write(source, offset, length);
		}

		private void require(int length) throws IOException {
			if (this.bytes.size() + (long) length > this.most) {
				throw new IOException("Too long");
			}
		}

		private byte[] toByteArray() {
			return this.bytes.toByteArray();
		}

	}

}
