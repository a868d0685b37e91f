package io.github.llmcache.cache;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CacheKeyEncoder} and the hashes that it writes to.
 */
class CacheKeyEncoderTests {

	private static final int PIECE = 4096;

	private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

	private final SharedPieces sharedPieces = new SharedPieces();

	private final Sha256KeyHash sha256 = new Sha256KeyHash(this.sharedPieces);

	private final FingerprintKeyHash fingerprint = new FingerprintKeyHash();

	@ParameterizedTest
	@MethodSource("strings")
	void stringIsItsLengthAndItsPieces(String string) {
		byte[] expected = Sha256KeyHash.createDigest().digest(encode(string));
		for (int time = 1; time <= 4; time++) {
			assertThat(sha256(string)).as("time " + time).isEqualTo(expected);
		}
	}

	static Stream<String> strings() {
		String latin1 = text(new Random(1), 3 * PIECE, 0x100);
		String wide = text(new Random(2), 3 * PIECE, 0x10000);
		return Stream.of("", "a", "\u00ff", "\u0100", "\ud800", "\udc00\ud800", latin1, wide,
				latin1.substring(0, PIECE - 1), latin1.substring(0, PIECE), latin1.substring(0, PIECE + 1),
				wide.substring(0, PIECE - 1), wide.substring(0, PIECE), wide.substring(0, PIECE + 1),
				latin1.substring(0, PIECE) + wide.substring(0, PIECE) + latin1.substring(0, 10),
				wide.substring(0, PIECE) + latin1.substring(0, PIECE + 10), "a".repeat(PIECE - 1) + "\ud83d\ude00",
				"a".repeat(PIECE - 1) + "\ud83d", "a".repeat(PIECE) + "\ude00");
	}

	@Test
	void stringsHaveTheSameHashIfAndOnlyIfTheyAreEqual() {
		Random random = new Random(42);
		Set<String> strings = new HashSet<>();
		for (int length : new int[] { 0, 1, 2, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1, 2 * PIECE, 2 * PIECE + 2 }) {
			for (int alphabet : new int[] { 2, 0x80, 0x100, 0x101, 0x10000 }) {
				String string = text(random, length, alphabet);
				strings.add(string);
				for (int i = 0; i < 8 && length > 0; i++) {
					strings.addAll(variants(string, random.nextInt(length)));
				}
				if (length > 0) {
					strings.addAll(variants(string, length - 1));
					strings.addAll(variants(string, Math.min(PIECE, length) - 1));
				}
			}
		}
		Map<ByteBuffer, String> byHash = new HashMap<>();
		for (String string : strings) {
			String other = byHash.put(ByteBuffer.wrap(sha256(string)), string);
			assertThat(other).isNull();
		}
		for (String string : strings) {
			assertThat(byHash.get(ByteBuffer.wrap(sha256(new String(string.toCharArray()))))).isEqualTo(string);
		}
	}

	private static List<String> variants(String string, int index) {
		List<String> variants = new ArrayList<>();
		String before = string.substring(0, index);
		String after = string.substring(index + 1);
		char unit = string.charAt(index);
		for (int difference : new int[] { 0x1, 0x80, 0x100, 0x8000 }) {
			variants.add(before + (char) (unit ^ difference) + after);
		}
		// In UTF-16, the same bytes as two units of Latin-1
		variants.add(before + (char) (unit >> 8) + (char) (unit & 0xFF) + after);
		variants.add(before + after);
		variants.add(before + '\ud83d' + after);
		variants.add(before + '\ude00' + after);
		variants.add(before + "\ud83d\ude00" + after);
		return variants;
	}

	@ParameterizedTest
	@MethodSource
	void integerIsTheSameInAllTypes(long value) {
		JsonNode decimal = NODES.numberNode(new BigDecimal(BigInteger.valueOf(value)));
		assertSame(NODES.numberNode(value), decimal);
		assertSame(NODES.numberNode(BigInteger.valueOf(value)), decimal);
		assertSame(NODES.numberNode(new BigDecimal(BigInteger.valueOf(value)).setScale(3)), decimal);
		if (value == (int) value) {
			assertSame(NODES.numberNode((int) value), decimal);
		}
		if (-(1L << 53) <= value && value <= 1L << 53) {
			assertSame(NODES.numberNode((double) value), decimal);
		}
	}

	static LongStream integerIsTheSameInAllTypes() {
		LongStream.Builder values = LongStream.builder();
		for (int bit = 0; bit < Long.SIZE; bit++) {
			long power = 1L << bit;
			values.add(power).add(power - 1).add(power + 1).add(-power).add(-power - 1);
		}
		long power = 1;
		for (int exponent = 0; exponent < 19; exponent++) {
			values.add(power).add(-power).add(7 * power).add(power + 1).add(power - 1);
			power *= 10;
		}
		return LongStream.concat(values.add(0).add(Long.MAX_VALUE).add(Long.MIN_VALUE).build(),
				new Random(3).longs(100));
	}

	@Test
	void doubleIsItsShortestDecimal() {
		Random random = new Random(4);
		for (int i = 0; i < 2000; i++) {
			double value = (i % 2 == 0) ? random.nextInt(1_000_000) / 1000.0
					: (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(40) - 20);
			assertSame(NODES.numberNode(value), NODES.numberNode(new BigDecimal(Double.toString(value))));
		}
		assertSame(NODES.numberNode(-0.0), NODES.numberNode(0));
		assertSame(NODES.numberNode(9.007199254740992E15), NODES.numberNode(9007199254740992L));
		assertSame(NODES.numberNode(1.0E300), NODES.numberNode(new BigDecimal("1E+300")));
	}

	private void assertSame(JsonNode one, JsonNode two) {
		assertThat(sha256(one)).as(one + " and " + two).isEqualTo(sha256(two));
	}

	@Test
	void fingerprintReadsTheLengthAndLowBytes() {
		String ascii = "a".repeat(PIECE + 2000);
		assertThat(fingerprint(ascii)).isEqualTo(fingerprint(ascii.replace('a', '\u0161')))
			.isNotEqualTo(fingerprint(ascii + "a"))
			.isNotEqualTo(fingerprint(ascii.substring(1) + "b"))
			.isNotEqualTo(fingerprint("b" + ascii.substring(1)));
		assertThat(fingerprint("")).isNotEqualTo(fingerprint("\0"));
	}

	@Test
	void lengthIsThatOfTheContent() {
		assertThat(lengthOf("a".repeat(100))).isBetween(100L, 110L);
		assertThat(lengthOf("a".repeat(3 * PIECE))).isBetween(3L * PIECE, 3L * PIECE + 20);
		assertThat(lengthOf("\u4e00".repeat(3 * PIECE))).isBetween(6L * PIECE, 6L * PIECE + 20);
	}

	@Test
	void piecesOfOneRequestAreKnownFromAnother() {
		String document = text(new Random(5), 10 * PIECE + 100, 0x80);
		sha256(document + "Who?");
		assertThat(this.sharedPieces.size()).isZero();
		sha256(document + "Where?");
		assertThat(this.sharedPieces.size()).isBetween(9, 10);
		assertThat(sha256(document + "When?"))
			.isEqualTo(Sha256KeyHash.createDigest().digest(encode(document + "When?")));
	}

	private byte[] sha256(String string) {
		return sha256(NODES.stringNode(string));
	}

	private byte[] sha256(JsonNode node) {
		this.sha256.reset();
		new CacheKeyEncoder(this.sha256).writeNode(node);
		return this.sha256.digest();
	}

	private long lengthOf(String string) {
		sha256(string);
		return this.sha256.length();
	}

	private long fingerprint(String string) {
		this.fingerprint.reset();
		new CacheKeyEncoder(this.fingerprint).writeNode(NODES.stringNode(string));
		return this.fingerprint.value();
	}

	/**
	 * The encoding once more, as simple as can be.
	 */
	private static byte[] encode(String string) {
		ByteArrayOutputStream encoding = new ByteArrayOutputStream();
		encoding.write('s');
		encoding.writeBytes(ByteBuffer.allocate(4).putInt(string.length()).array());
		for (int begin = 0; begin < string.length(); begin += PIECE) {
			String piece = string.substring(begin, Math.min(begin + PIECE, string.length()));
			boolean isLatin1 = piece.chars().allMatch((unit) -> unit <= 0xFF);
			byte[] bytes = isLatin1 ? piece.getBytes(StandardCharsets.ISO_8859_1) : bigEndian(piece);
			encoding.write(isLatin1 ? 'l' : 'u');
			MessageDigest digest = Sha256KeyHash.createDigest();
			encoding.writeBytes((piece.length() == PIECE) ? digest.digest(bytes) : bytes);
		}
		return encoding.toByteArray();
	}

	private static byte[] bigEndian(String piece) {
		ByteBuffer bytes = ByteBuffer.allocate(2 * piece.length());
		piece.chars().forEach((unit) -> bytes.putChar((char) unit));
		return bytes.array();
	}

	private static String text(Random random, int length, int alphabet) {
		StringBuilder text = new StringBuilder(length);
		random.ints(length, 0, alphabet).forEach((unit) -> text.append((char) unit));
		return text.toString();
	}

}
