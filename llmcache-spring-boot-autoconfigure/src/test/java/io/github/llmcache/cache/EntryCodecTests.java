package io.github.llmcache.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.github.llmcache.cache.TestEntries.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EntryCodec}.
 */
class EntryCodecTests {

	private static final int MAX_ENTRY_SIZE = 1024 * 1024;

	private static final CacheKey KEY = TestEntries.key("gpt-4o", 1);

	private final EntryCodec codec = new EntryCodec(MAX_ENTRY_SIZE);

	@AfterEach
	void closeCodec() {
		this.codec.close();
	}

	@Test
	void everythingIsReadAsItWasWritten() throws Exception {
		CachedResponse first = new CachedResponse("{\"é\":1}\n".getBytes(StandardCharsets.UTF_8), 3, 1, 2,
				5_000_000_000L, "STOP", Instant.ofEpochMilli(1_700_000_000_123L), Duration.ofMillis(987), "req_é");
		CachedResponse second = new CachedResponse(new byte[0], 1, 0, 1_000_000_000_000_000L, 0L, "",
				Instant.ofEpochMilli(-1), Duration.ZERO, null);
		List<CachedResponse> responses = List.of(first, second);
		assertThat(decode(this.codec.encode(entry(responses), null))).isEqualTo(responses);
	}

	@Test
	void namespaceAndExpiryAreReadAsTheyWereWritten() throws Exception {
		for (String namespace : new String[] { "", "tests", "\u00e9\u20ac\ud83d\ude80", "\ud800", "\u0000",
				"x".repeat(5000) }) {
			for (Instant expiresAt : Arrays.asList(null, Instant.EPOCH, Instant.ofEpochMilli(-1),
					Instant.ofEpochMilli(Long.MAX_VALUE))) {
				CacheEntry entry = new CacheEntry(KEY, namespace, List.of(response("a")), expiresAt, null);
				assertThat(this.codec.decode(KEY, this.codec.encode(entry, null), null)).isEqualTo(entry);
			}
		}
	}

	@Test
	void anUnknownCostIsNotZero() throws Exception {
		CachedResponse unknown = new CachedResponse(new byte[] { 1 }, 1, 0, 0, null, "STOP", Instant.EPOCH,
				Duration.ZERO, null);
		CachedResponse free = new CachedResponse(new byte[] { 1 }, 1, 0, 0, 0L, "STOP", Instant.EPOCH, Duration.ZERO,
				null);
		assertThat(decode(this.codec.encode(entry(List.of(unknown, free)), null))).extracting(CachedResponse::costNanos)
			.containsExactly(null, 0L);
	}

	@Test
	void aBodyThatCannotBeCompressedIsKept() throws Exception {
		byte[] body = new byte[MAX_ENTRY_SIZE];
		new Random(1).nextBytes(body);
		assertThat(decode(this.codec.encode(entry(List.of(response(body))), null)).get(0).body()).isEqualTo(body);
	}

	@Test
	void whatIsDamagedAnywhereIsUnreadable() throws Exception {
		List<CachedResponse> responses = List.of(response("some text, some text, some text"), response(""));
		byte[] bytes = this.codec.encode(entry(responses), null);
		for (int i = 0; i < bytes.length; i++) {
			for (int mask : new int[] { 0x01, 0x80, 0xFF }) {
				byte[] damaged = bytes.clone();
				damaged[i] ^= (byte) mask;
				assertUnreadable(damaged);
			}
		}
		assertThat(decode(bytes)).isEqualTo(responses);
	}

	@Test
	void underAnotherKeyNothingIsRead() throws Exception {
		byte[] bytes = this.codec.encode(entry(List.of(response("mine"))), null);
		assertThat(decode(bytes)).isNotEmpty();
		assertThatExceptionOfType(UnreadableEntryException.class)
			.isThrownBy(() -> this.codec.decode(TestEntries.key("gpt-4o", 2), bytes, null))
			.withMessageContaining("of another key");
	}

	@Test
	void aFrameOfAnotherEntryIsUnreadable() {
		byte[] bytes = this.codec.encode(entry(List.of(response("mine"))), null);
		byte[] other = this.codec.encode(entry(List.of(response("your"))), null);
		assertThat(other).hasSameSizeAs(bytes);
		byte[] frame = this.codec.compress("mine".getBytes(StandardCharsets.UTF_8), null);
		System.arraycopy(bytes, bytes.length - frame.length, other, other.length - frame.length, frame.length);
		assertUnreadable(other);
	}

	@Test
	void whatCannotBeTrueIsUnreadable() {
		Instant time = Instant.EPOCH;
		Duration none = Duration.ZERO;
		assertImplausible(new CachedResponse(new byte[1], 1_000_001, 0, 0, null, "STOP", time, none, null));
		assertImplausible(new CachedResponse(new byte[1], 1, -1, 0, null, "STOP", time, none, null));
		assertImplausible(new CachedResponse(new byte[1], 1, 0, Long.MAX_VALUE, null, "STOP", time, none, null));
		assertImplausible(new CachedResponse(new byte[1], 1, 0, 0, -1L, "STOP", time, none, null));
		assertImplausible(new CachedResponse(new byte[1], 1, 0, 0, Long.MAX_VALUE, "STOP", time, none, null));
		assertImplausible(new CachedResponse(new byte[1], 1, 0, 0, null, "STOP", Instant.ofEpochMilli(Long.MAX_VALUE),
				none, null));
		assertImplausible(
				new CachedResponse(new byte[1], 1, 0, 0, null, "STOP", time, Duration.ofMillis(Long.MIN_VALUE), null));
	}

	/**
	 * Check that a response is neither written nor read.
	 */
	private void assertImplausible(CachedResponse response) {
		CacheEntry entry = entry(List.of(response));
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> this.codec.encode(entry, null))
			.withMessageContaining("out of range");
		ByteBuffer bytes = ByteBuffer.allocate(200);
		bytes.put((byte) EntryCodec.FORMAT).put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 1);
		Varint.put(bytes, response.samples());
		Varint.put(bytes, response.inputTokens());
		Varint.put(bytes, response.outputTokens());
		bytes.putLong(response.createdAt().toEpochMilli());
		Varint.put(bytes, response.duration().toMillis());
		Long costNanos = response.costNanos();
		bytes.put((byte) ((costNanos != null) ? 1 : 0));
		if (costNanos != null) {
			Varint.put(bytes, costNanos);
		}
		bytes.put((byte) 0).put((byte) 0).put((byte) 1);
		assertThatExceptionOfType(UnreadableEntryException.class)
			.isThrownBy(() -> decode(withFrame(bytes, this.codec.compress(new byte[1], null))))
			.withMessageContaining("out of range");
	}

	@Test
	void whatIsTruncatedIsUnreadable() {
		byte[] bytes = this.codec.encode(entry(List.of(response("some text, some text, some text"))), null);
		for (int length = 0; length < bytes.length; length++) {
			assertUnreadable(Arrays.copyOf(bytes, length));
		}
	}

	@Test
	void whatIsNoFrameIsUnreadable() {
		Random random = new Random(2);
		for (int i = 0; i < 1000; i++) {
			byte[] bytes = new byte[random.nextInt(200)];
			random.nextBytes(bytes);
			assertUnreadable(bytes);
		}
	}

	@Test
	void whatLooksLikeAnEntryIsUnreadable() {
		Random random = new Random(3);
		for (int i = 0; i < 1000; i++) {
			byte[] bytes = new byte[24 + random.nextInt(200)];
			random.nextBytes(bytes);
			// The format, no dictionary, no namespace, no expiry, and one response
			Arrays.fill(bytes, 0, 5, (byte) 0);
			bytes[0] = EntryCodec.FORMAT;
			bytes[4] = 1;
			assertUnreadable(bytes);
		}
	}

	@Test
	void aBodyThatClaimsToBeHugeIsUnreadable() {
		for (long length : new long[] { MAX_ENTRY_SIZE + 100_000L, 1L << 40, -1 }) {
			assertUnreadable(withBodyLength(length));
		}
	}

	/**
	 * Return an entry with a valid checksum whose body claims to have another length.
	 */
	private byte[] withBodyLength(long length) {
		ByteBuffer bytes = ByteBuffer.allocate(200);
		bytes.put((byte) EntryCodec.FORMAT).put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 1);
		bytes.put((byte) 1).put((byte) 1).put((byte) 1).putLong(0).put((byte) 1).put((byte) 0);
		bytes.put((byte) 0).put((byte) 0);
		Varint.put(bytes, length);
		return withFrame(bytes, this.codec.compress(new byte[10], null));
	}

	/**
	 * Return an entry with a valid checksum.
	 * @param bytes its header up to the length of the only frame
	 */
	private static byte[] withFrame(ByteBuffer bytes, byte[] frame) {
		Varint.put(bytes, frame.length);
		CRC32C checksum = new CRC32C();
		KEY.update(checksum);
		checksum.update(bytes.array(), 0, bytes.position());
		checksum.update(frame);
		bytes.putInt((int) checksum.getValue());
		bytes.put(frame);
		return Arrays.copyOf(bytes.array(), bytes.position());
	}

	@Test
	void theLengthOfABodyIsChecked() throws Exception {
		assertThat(decode(withBodyLength(10)).get(0).body()).hasSize(10);
		assertUnreadable(withBodyLength(9));
		assertUnreadable(withBodyLength(11));
	}

	@Test
	void aFrameOfMoreThanAnEntryMayHaveIsUnreadable() {
		EntryCodec larger = new EntryCodec(10 * MAX_ENTRY_SIZE);
		byte[] bytes = larger.encode(entry(List.of(response(new byte[2 * MAX_ENTRY_SIZE]))), null);
		assertThat(bytes).hasSizeLessThan(1000);
		assertUnreadable(bytes);
		larger.close();
	}

	@Test
	void anotherFormatIsUnreadable() {
		byte[] bytes = this.codec.encode(entry(List.of(response("a"))), null);
		for (int format : new int[] { 0, EntryCodec.FORMAT - 1, EntryCodec.FORMAT + 1, -1 }) {
			bytes[0] = (byte) format;
			assertUnreadable(bytes);
			assertThat(this.codec.dictionaryOf(bytes)).isZero();
		}
	}

	@Test
	void entriesAreSmallerWithADictionary() throws Exception {
		byte[] content = Objects.requireNonNull(this.codec.trainDictionary(samples(0, 200)));
		try (CompressionDictionary dictionary = this.codec.dictionary(300, content)) {
			for (byte[] sample : samples(1000, 20)) {
				List<CachedResponse> responses = List.of(response(sample), response(sample));
				byte[] bytes = this.codec.encode(entry(responses), dictionary);
				assertThat(bytes).hasSizeLessThan(this.codec.encode(entry(responses), null).length * 6 / 10);
				assertThat(this.codec.dictionaryOf(bytes)).isEqualTo(300);
				assertThat(this.codec.decode(KEY, bytes, dictionary).responses()).isEqualTo(responses);
				byte[] compressed = this.codec.compress(sample, dictionary);
				assertThat(this.codec.decompress(compressed, dictionary)).isEqualTo(sample);
			}
		}
	}

	@Test
	void anotherDictionaryMakesEntriesUnreadable() {
		byte[] content = Objects.requireNonNull(this.codec.trainDictionary(samples(0, 200)));
		byte[] otherContent = Objects.requireNonNull(this.codec.trainDictionary(samples(5000, 200)));
		try (CompressionDictionary dictionary = this.codec.dictionary(1, content);
				CompressionDictionary otherNumber = this.codec.dictionary(2, content);
				CompressionDictionary otherDictionary = this.codec.dictionary(1, otherContent);
				CompressionDictionary garbage = this.codec.dictionary(1, new byte[] { 1, 2, 3 })) {
			byte[] bytes = this.codec.encode(entry(List.of(response(samples(1000, 1).get(0)))), dictionary);
			assertUnreadable(bytes);
			assertUnreadable(bytes, otherNumber);
			assertUnreadable(bytes, otherDictionary);
			assertUnreadable(bytes, garbage);
		}
	}

	@Test
	void fromTooLittleNoDictionaryIsMade() {
		assertThat(this.codec.trainDictionary(List.of())).isNull();
		assertThat(this.codec.trainDictionary(samples(0, 1))).isNull();
		assertThat(this.codec.trainDictionary(Collections.nCopies(200, new byte[0]))).isNull();
	}

	private static List<byte[]> samples(int seed, int count) {
		Random random = new Random(seed);
		return IntStream.range(0, count)
			.mapToObj((i) -> """
					{"id":"chatcmpl-%x","object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":\
					{"role":"assistant","content":"%x"},"logprobs":null,"finish_reason":"stop"}],"usage":\
					{"prompt_tokens":%d,"completion_tokens":%d}}"""
				.formatted(random.nextLong(), random.nextLong(), random.nextInt(1000), random.nextInt(1000))
				.getBytes(StandardCharsets.UTF_8))
			.toList();
	}

	@Test
	void tooMuchIsNotWritten() {
		byte[] half = new byte[MAX_ENTRY_SIZE / 2];
		assertThat(this.codec.encode(entry(List.of(response(half), response(half))), null)).isNotEmpty();
		assertThatExceptionOfType(CacheStoreException.class)
			.isThrownBy(() -> this.codec.encode(entry(List.of(response(half), response(half), response("a"))), null))
			.withMessageContaining("llmcache.max-entry-size");
	}

	@Test
	void whatIsWrittenCanBeRead() {
		List<CachedResponse> responses = new ArrayList<>();
		responses.add(response(new byte[MAX_ENTRY_SIZE]));
		for (int i = 0; i < 5000; i++) {
			responses.add(response(""));
		}
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> this.codec.encode(entry(responses), null))
			.withMessageContaining("llmcache.max-entry-size");
	}

	@Test
	void canBeUsedAfterItHasBeenClosed() throws Exception {
		this.codec.close();
		List<CachedResponse> responses = List.of(response("a"));
		assertThat(decode(this.codec.encode(entry(responses), null))).isEqualTo(responses);
	}

	private static CacheEntry entry(List<CachedResponse> responses) {
		return new CacheEntry(KEY, "", responses, null, null);
	}

	private List<CachedResponse> decode(byte[] bytes) throws UnreadableEntryException {
		return this.codec.decode(KEY, bytes, null).responses();
	}

	private void assertUnreadable(byte[] bytes, CompressionDictionary dictionary) {
		assertThatExceptionOfType(UnreadableEntryException.class)
			.isThrownBy(() -> this.codec.decode(KEY, bytes, dictionary));
	}

	private void assertUnreadable(byte[] bytes) {
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(() -> decode(bytes));
	}

}
