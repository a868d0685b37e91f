package io.github.llmcache.provider.openai;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

import io.github.llmcache.Embedding;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads and writes vectors: as numbers, or as the Base64 of 32-bit floats in
 * little-endian order.
 */
final class OpenAiVectors {

	private OpenAiVectors() {
	}

	/**
	 * Read a vector.
	 * @param node the vector in one of both forms
	 * @return the vector, or {@code null} if it is none
	 */
	static @Nullable Embedding read(JsonNode node) {
		float[] values = node.isString() ? decode(node.stringValue()) : numbers(node);
		if (values == null || values.length == 0) {
			return null;
		}
		for (float value : values) {
			if (!Float.isFinite(value)) {
				return null;
			}
		}
		return Embedding.of(values);
	}

	private static float @Nullable [] decode(String base64) {
		byte[] bytes;
		try {
			bytes = Base64.getDecoder().decode(base64);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
		if (bytes.length % Float.BYTES != 0) {
			return null;
		}
		float[] values = new float[bytes.length / Float.BYTES];
		ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
		return values;
	}

	private static float @Nullable [] numbers(JsonNode array) {
		if (!array.isArray()) {
			return null;
		}
		float[] values = new float[array.size()];
		for (int i = 0; i < values.length; i++) {
			JsonNode number = array.get(i);
			if (!number.isNumber()) {
				return null;
			}
			// From the decimal at once: through a double it could be rounded twice
			values[i] = Float.parseFloat(number.decimalValue().toString());
		}
		return values;
	}

	static String base64(Embedding vector) {
		float[] values = vector.toArray();
		ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		bytes.asFloatBuffer().put(values);
		return Base64.getEncoder().encodeToString(bytes.array());
	}

}
