package io.github.llmcache.cache;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes all that decides the answer to a request, in an encoding in which no two
 * different requests are the same bytes.
 * <p>
 * Every value is a tag byte, then its length or count as four bytes, then its content.
 * Members of objects are sorted by their names, numbers are compared by value, arrays
 * keep their order. A member of the body itself whose value is null is the same as no
 * member; deeper ones count.
 * <p>
 * The length of a string is its number of UTF-16 code units, and its content is pieces of
 * {@value KeyHash#PIECE} units, the last of which may be shorter. Each piece is a tag and
 * then one byte a unit, which is Latin-1, or two if any of its units needs them. Units
 * are taken as they are, so surrogates need no partner, and a pair may be in two pieces.
 * A piece of full length is replaced by its SHA-256 hash, so that it can be known from
 * another request.
 * <p>
 * That tells strings apart: the length says how many pieces there are and how many units
 * are in each, so together with a piece's tag how many bytes; the tag follows from the
 * units alone, so a piece has one encoding; and different pieces with the same tag have
 * different bytes, or different hashes of them.
 * <p>
 * A change of this class or of {@link KeyHash} that changes a key is a new
 * {@link #VERSION}.
 */
final class CacheKeyEncoder {

	/** The version of the encoding; part of every key. */
	static final int VERSION = 2;

	private final KeyHash hash;

	/**
	 * Create an encoder.
	 * @param hash takes the encoding
	 */
	CacheKeyEncoder(KeyHash hash) {
		this.hash = hash;
	}

	void writeRequest(CacheRequest request) {
		this.hash.writeByte('K');
		this.hash.writeInt(VERSION);
		this.hash.writeString(request.namespace());
		this.hash.writeString(request.endpoint());
		this.hash.writeString(request.operation());
		writeBody(request.body(), null);
	}

	void writeBody(ObjectNode body, @Nullable String excluded) {
		Names names = new Names(body.size());
		body.forEachEntry((name, value) -> {
			if (!value.isNull() && !name.equals(excluded)) {
				names.accept(name, value);
			}
		});
		writeMembers(body, names);
	}

	void writeNode(JsonNode node) {
		switch (node.getNodeType()) {
			case OBJECT -> {
				Names names = new Names(node.size());
				node.forEachEntry(names);
				writeMembers(node, names);
			}
			case ARRAY -> {
				this.hash.writeByte('a');
				this.hash.writeInt(node.size());
				for (JsonNode element : node) {
					writeNode(element);
				}
			}
			case STRING -> this.hash.writeString(node.stringValue());
			case NUMBER -> writeNumber(node);
			case BOOLEAN -> this.hash.writeByte(node.booleanValue() ? 't' : 'f');
			case NULL -> this.hash.writeByte('n');
			default -> throw new IllegalArgumentException("JSON has no value of type " + node.getNodeType());
		}
	}

	private void writeMembers(JsonNode object, Names names) {
		names.sort();
		this.hash.writeByte('o');
		this.hash.writeInt(names.count);
		for (int i = 0; i < names.count; i++) {
			this.hash.writeString(names.names[i]);
			writeNode(object.path(names.names[i]));
		}
	}

	private void writeNumber(JsonNode number) {
		if (number.isInt() || number.isLong()) {
			writeInteger(number.longValue());
			return;
		}
		if (number.isDouble() && isInteger(number.doubleValue())) {
			writeInteger((long) number.doubleValue());
			return;
		}
		writeDecimal(number.isFloatingPointNumber() ? number.decimalValue() : new BigDecimal(number.bigIntegerValue()));
	}

	private static boolean isInteger(double value) {
		// Beyond, its shortest decimal form may be another integer
		return Math.abs(value) < 1L << 53 && value == (long) value;
	}

	/**
	 * Write the same as {@link #writeDecimal}, without creating anything.
	 */
	private void writeInteger(long value) {
		long unscaled = value;
		int scale = 0;
		while (unscaled != 0 && unscaled % 10 == 0) {
			unscaled /= 10;
			scale--;
		}
		// Two's complement: one bit for the sign and those that differ from it
		int bits = 1 + Long.SIZE - Long.numberOfLeadingZeros(unscaled ^ unscaled >> Long.SIZE - 1);
		int length = (bits + Byte.SIZE - 1) / Byte.SIZE;
		this.hash.writeByte('d');
		this.hash.writeInt(scale);
		this.hash.writeInt(length);
		for (int i = length - 1; i >= 0; i--) {
			this.hash.writeByte((int) (unscaled >> i * Byte.SIZE));
		}
	}

	private void writeDecimal(BigDecimal value) {
		BigDecimal canonical = value.stripTrailingZeros();
		BigInteger unscaled = canonical.unscaledValue();
		byte[] digits = unscaled.toByteArray();
		this.hash.writeByte('d');
		this.hash.writeInt(canonical.scale());
		this.hash.writeInt(digits.length);
		this.hash.writeBytes(digits, digits.length);
	}

	/**
	 * The names of an object's members.
	 */
	private static final class Names implements BiConsumer<String, JsonNode> {

		private final String[] names;

		private int count;

		private Names(int capacity) {
			this.names = new String[capacity];
		}

		@Override
		public void accept(String name, JsonNode value) {
			this.names[this.count++] = name;
		}

		private void sort() {
			Arrays.sort(this.names, 0, this.count);
		}

	}

}
