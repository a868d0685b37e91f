package io.github.llmcache.cli.transfer;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * The format of a line, which docs/format.md describes.
 */
final class LineFormat {

	/** The version that is written, and the only one that is read. */
	static final int VERSION = 1;

	/** Requests are nested as deeply as their own parser allows, within the line. */
	private static final int MAX_DEPTH = StreamReadConstraints.DEFAULT_MAX_DEPTH + 10;

	private static final JsonFactory factory = JsonFactory.builder()
		.streamReadConstraints(
				StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxStringLength(Integer.MAX_VALUE).build())
		// Of two members with the same name, nobody knows which one is meant
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
		.build();

	private static final JsonFactory escapingFactory = factory.rebuild()
		.enable(JsonWriteFeature.ESCAPE_NON_ASCII)
		.build();

	private LineFormat() {
	}

	static JsonFactory factory() {
		return factory;
	}

	/**
	 * Return a factory that writes lone surrogates, which UTF-8 does not have.
	 */
	static JsonFactory escapingFactory() {
		return escapingFactory;
	}

	/**
	 * The names of members.
	 */
	static final class Names {

		static final String VERSION = "llmcache";

		static final String KEY = "key";

		static final String FINGERPRINT = "fingerprint";

		static final String MODEL = "model";

		static final String NAMESPACE = "namespace";

		static final String EXPIRES_AT = "expiresAt";

		static final String REQUEST = "request";

		static final String HASHES = "hashes";

		static final String PARAMETERS = "parameters";

		static final String MESSAGES = "messages";

		static final String SKETCH = "sketch";

		static final String RESPONSES = "responses";

		static final String BODY = "body";

		static final String BODY_BASE64 = "bodyBase64";

		static final String CRC32C = "crc32c";

		static final String SAMPLES = "samples";

		static final String INPUT_TOKENS = "inputTokens";

		static final String OUTPUT_TOKENS = "outputTokens";

		static final String COST_NANOS = "costNanos";

		static final String FINISH_REASON = "finishReason";

		static final String CREATED_AT = "createdAt";

		static final String DURATION_MILLIS = "durationMillis";

		static final String REQUEST_ID = "requestId";

		private Names() {
		}

	}

}
