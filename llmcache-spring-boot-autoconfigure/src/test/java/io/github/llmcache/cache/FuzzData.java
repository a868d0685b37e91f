package io.github.llmcache.cache;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes values of random bytes: equal bytes give equal values, and few changed bytes
 * change little. Once the bytes are used up, everything is zero, so that all ends.
 */
public final class FuzzData {

	private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

	private static final int MAX_DEPTH = 8;

	private static final int MAX_MEMBERS = 6;

	/** Of the pieces in which strings are hashed. */
	private static final int PIECE = 4096;

	private final ByteBuffer bytes;

	public FuzzData(byte[] bytes) {
		this.bytes = ByteBuffer.wrap(bytes);
	}

	/**
	 * Return the next byte.
	 * @return a number from 0 to 255
	 */
	public int next() {
		return this.bytes.hasRemaining() ? this.bytes.get() & 0xFF : 0;
	}

	/**
	 * Return a number below a bound.
	 */
	public int next(int bound) {
		return (next() << Byte.SIZE | next()) % bound;
	}

	public long nextLong() {
		long value = 0;
		int length = next() % (Long.BYTES + 1);
		for (int i = 0; i < length; i++) {
			value = value << Byte.SIZE | next();
		}
		return (next() % 2 == 0) ? value : -value;
	}

	/**
	 * Take some bytes.
	 * @param length the most
	 */
	public byte[] take(int length) {
		byte[] taken = new byte[Math.min(length, this.bytes.remaining())];
		this.bytes.get(taken);
		return taken;
	}

	/**
	 * Take all bytes that are left.
	 */
	public byte[] rest() {
		return take(Integer.MAX_VALUE);
	}

	/**
	 * Return a string of any UTF-16 code units, sometimes about as long as a piece.
	 */
	public String string() {
		int kind = next();
		int length = kind % 13;
		StringBuilder string = new StringBuilder();
		if (kind > 250) {
			string.append(String.valueOf((char) next(0x180)).repeat(PIECE * (1 + next() % 2) - next() % 4));
		}
		for (int i = 0; i < length; i++) {
			string.append((char) ((kind % 3 == 0) ? next() << Byte.SIZE | next() : next()));
		}
		return string.toString();
	}

	public ObjectNode object() {
		return object(0);
	}

	private ObjectNode object(int depth) {
		ObjectNode object = NODES.objectNode();
		int count = next() % MAX_MEMBERS;
		for (int i = 0; i < count; i++) {
			object.set(string(), node(depth + 1));
		}
		return object;
	}

	public JsonNode node() {
		return node(1);
	}

	private JsonNode node(int depth) {
		int kind = next() % ((depth < MAX_DEPTH) ? 10 : 8);
		return switch (kind) {
			case 0 -> NODES.nullNode();
			case 1 -> NODES.booleanNode(next() % 2 == 0);
			case 2, 3 -> NODES.stringNode(string());
			case 4 -> NODES.numberNode((int) nextLong());
			case 5 -> NODES.numberNode(nextLong());
			case 6 -> decimal();
			case 7 -> NODES.numberNode(new BigInteger(Arrays.copyOf(take(next() % 40), 41)));
			case 8 -> object(depth);
			default -> array(depth);
		};
	}

	private JsonNode decimal() {
		double value = Double.longBitsToDouble(nextLong());
		return (next() % 2 == 0 && Double.isFinite(value)) ? NODES.numberNode(value)
				: NODES.numberNode(BigDecimal.valueOf(nextLong(), next(2001) - 1000));
	}

	private ArrayNode array(int depth) {
		ArrayNode array = NODES.arrayNode();
		int count = next() % MAX_MEMBERS;
		for (int i = 0; i < count; i++) {
			array.add(node(depth + 1));
		}
		return array;
	}

}
