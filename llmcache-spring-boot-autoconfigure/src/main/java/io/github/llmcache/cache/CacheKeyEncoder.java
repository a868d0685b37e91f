package io.github.llmcache.cache;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

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

	/** Frozen like the encoding: where pieces end is a part of fingerprints. */
	private static final int BUFFER_SIZE = 1024;

	private final KeyHash hash;

	private final byte[] buffer = new byte[BUFFER_SIZE];

	private int position;

	private CacheKeyEncoder(KeyHash hash) {
		this.hash = hash;
	}

	/**
	 * Hash all that decides the answer.
	 * @param request the request
	 * @return the SHA-256 hash
	 */
	static byte[] hash(CacheRequest request) {
		KeyHash.Sha256 hash = new KeyHash.Sha256();
		new CacheKeyEncoder(hash).writeRequest(request);
		return hash.digest();
	}

	/**
	 * Hash all that decides the answer, fast.
	 * @param request the request
	 * @return the fingerprint and the length of what it was computed from
	 */
	static KeyHash.Fingerprint fingerprint(CacheRequest request) {
		KeyHash.Fingerprint hash = new KeyHash.Fingerprint();
		new CacheKeyEncoder(hash).writeRequest(request);
		return hash;
	}

	/**
	 * Hash everything in the body but its messages.
	 * @param request the request
	 * @return {@value RequestRecord#HASH_LENGTH} bytes
	 */
	static byte[] hashParameters(CacheRequest request) {
		return hash((encoder) -> encoder.writeBody(request.body(), request.messagesMember()));
	}

	/**
	 * Hash each message of the body.
	 * @param request the request
	 * @return {@value RequestRecord#HASH_LENGTH} bytes a message
	 */
	static byte[] hashMessages(CacheRequest request) {
		JsonNode messages = request.body().path(request.messagesMember());
		if (!messages.isArray()) {
			return messages.isMissingNode() ? new byte[0] : hash((encoder) -> encoder.writeNode(messages));
		}
		ByteBuffer hashes = ByteBuffer.allocate(messages.size() * RequestRecord.HASH_LENGTH);
		messages.forEach((message) -> hashes.put(hash((encoder) -> encoder.writeNode(message))));
		return hashes.array();
	}

	private static byte[] hash(Consumer<CacheKeyEncoder> content) {
		KeyHash.Fingerprint hash = new KeyHash.Fingerprint();
		CacheKeyEncoder encoder = new CacheKeyEncoder(hash);
		content.accept(encoder);
		encoder.flush();
		return ByteBuffer.allocate(RequestRecord.HASH_LENGTH).putLong(hash.value()).array();
	}

	private void writeRequest(CacheRequest request) {
		writeByte('K');
		writeInt(VERSION);
		writeString(request.namespace());
		writeString(request.endpoint());
		writeString(request.operation());
		writeBody(request.body(), null);
		flush();
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
		byte[] bytes = this.hash.encode(string);
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
			this.hash.update(bytes, bytes.length);
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
		this.hash.update(this.buffer, this.position);
		this.position = 0;
	}

}
