package io.github.llmcache.cache;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Derives the key of a request: SHA-256 over an encoding in which no two different
 * requests are the same bytes.
 * <p>
 * Every value is a tag byte, then its length or count as four bytes, then its content.
 * Members of objects are sorted by their names, numbers are compared by value, arrays
 * keep their order, and strings are their code units in UTF-8 with lone surrogates in the
 * three bytes that UTF-8 leaves unused for them. A member of the body itself whose value
 * is null is the same as no member; deeper ones count.
 * <p>
 * A change of this class that changes a key is a new {@link #VERSION}.
 */
final class CacheKeyEncoder {

	/** The version of the encoding; part of every key. */
	static final int VERSION = 1;

	private static final int BUFFER_SIZE = 1024;

	private final MessageDigest digest;

	private final byte[] buffer = new byte[BUFFER_SIZE];

	private int position;

	private CacheKeyEncoder() {
		try {
			this.digest = MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	static CacheKey encode(CacheRequest request) {
		CacheKeyEncoder encoder = new CacheKeyEncoder();
		encoder.writeByte('K');
		encoder.writeInt(VERSION);
		encoder.writeString(request.namespace());
		encoder.writeString(request.endpoint());
		encoder.writeString(request.operation());
		encoder.writeBody(request.body(), null);
		return CacheKey.of(request.model(), encoder.digest());
	}

	/**
	 * Hash everything in the body but its messages.
	 * @param request the request
	 * @return {@value RequestRecord#HASH_LENGTH} bytes
	 */
	static byte[] hashParameters(CacheRequest request) {
		CacheKeyEncoder encoder = new CacheKeyEncoder();
		encoder.writeBody(request.body(), request.messagesMember());
		return Arrays.copyOf(encoder.digest(), RequestRecord.HASH_LENGTH);
	}

	/**
	 * Hash each message of the body.
	 * @param request the request
	 * @return {@value RequestRecord#HASH_LENGTH} bytes a message
	 */
	static byte[] hashMessages(CacheRequest request) {
		JsonNode messages = request.body().path(request.messagesMember());
		if (!messages.isArray()) {
			return messages.isMissingNode() ? new byte[0] : hash(messages);
		}
		ByteBuffer hashes = ByteBuffer.allocate(messages.size() * RequestRecord.HASH_LENGTH);
		messages.forEach((message) -> hashes.put(hash(message)));
		return hashes.array();
	}

	private static byte[] hash(JsonNode node) {
		CacheKeyEncoder encoder = new CacheKeyEncoder();
		encoder.writeNode(node);
		return Arrays.copyOf(encoder.digest(), RequestRecord.HASH_LENGTH);
	}

	private void writeBody(ObjectNode body, @Nullable String excluded) {
		String[] names = body.properties()
			.stream()
			.filter((member) -> !member.getValue().isNull() && !member.getKey().equals(excluded))
			.map(Map.Entry::getKey)
			.sorted()
			.toArray(String[]::new);
		writeMembers(body, names);
	}

	private void writeNode(JsonNode node) {
		switch (node.getNodeType()) {
			case OBJECT -> {
				String[] names = node.propertyNames().toArray(String[]::new);
				Arrays.sort(names);
				writeMembers(node, names);
			}
			case ARRAY -> {
				writeByte('a');
				writeInt(node.size());
				for (JsonNode element : node) {
					writeNode(element);
				}
			}
			case STRING -> writeString(node.stringValue());
			case NUMBER -> writeNumber(node);
			case BOOLEAN -> writeByte(node.booleanValue() ? 't' : 'f');
			case NULL -> writeByte('n');
			default -> throw new IllegalArgumentException("JSON has no value of type " + node.getNodeType());
		}
	}

	private void writeMembers(JsonNode object, String[] names) {
		writeByte('o');
		writeInt(names.length);
		for (String name : names) {
			writeString(name);
			writeNode(object.path(name));
		}
	}

	private void writeString(String string) {
		byte[] bytes = Utf8.encode(string);
		writeByte('s');
		writeInt(bytes.length);
		writeBytes(bytes);
	}

	private void writeNumber(JsonNode number) {
		BigDecimal value = number.isFloatingPointNumber() ? number.decimalValue()
				: new BigDecimal(number.bigIntegerValue());
		BigDecimal canonical = value.stripTrailingZeros();
		BigInteger unscaled = canonical.unscaledValue();
		byte[] digits = unscaled.toByteArray();
		writeByte('d');
		writeInt(canonical.scale());
		writeInt(digits.length);
		writeBytes(digits);
	}

	private void writeInt(int value) {
		ensureRoom(Integer.BYTES);
		this.buffer[this.position++] = (byte) (value >>> 24);
		this.buffer[this.position++] = (byte) (value >>> 16);
		this.buffer[this.position++] = (byte) (value >>> 8);
		this.buffer[this.position++] = (byte) value;
	}

	private void writeByte(int value) {
		ensureRoom(1);
		this.buffer[this.position++] = (byte) value;
	}

	private void writeBytes(byte[] bytes) {
		if (bytes.length > BUFFER_SIZE / 2) {
			flush();
			this.digest.update(bytes);
			return;
		}
		ensureRoom(bytes.length);
		System.arraycopy(bytes, 0, this.buffer, this.position, bytes.length);
		this.position += bytes.length;
	}

	private void ensureRoom(int length) {
		if (this.position + length > BUFFER_SIZE) {
			flush();
		}
	}

	private void flush() {
		this.digest.update(this.buffer, 0, this.position);
		this.position = 0;
	}

	private byte[] digest() {
		flush();
		return this.digest.digest();
	}

}
