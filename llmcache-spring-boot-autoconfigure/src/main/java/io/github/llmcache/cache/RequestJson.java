package io.github.llmcache.cache;

import java.io.ByteArrayOutputStream;

import tools.jackson.core.JsonGenerator;
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
		try {
			return write(request, mapper);
		}
		catch (StreamWriteException ex) {
			// UTF-8 has no lone surrogates; escaped they are kept
			return write(request, escapingMapper);
		}
	}

	private static byte[] write(CacheRequest request, JsonMapper mapper) {
		ByteArrayOutputStream json = new ByteArrayOutputStream(expectedSize(request));
		try (JsonGenerator generator = mapper.createGenerator(json)) {
			generator.writeStartObject();
			generator.writeStringProperty("namespace", request.namespace());
			generator.writeStringProperty("endpoint", request.endpoint());
			generator.writeStringProperty("operation", request.operation());
			generator.writeName("body");
			mapper.writeTree(generator, request.body());
			generator.writeEndObject();
		}
		return json.toByteArray();
	}

	private static int expectedSize(CacheRequest request) {
		return (int) Math.min(request.key().encodedLength() + SYNTAX, Integer.MAX_VALUE / 2);
	}

}
