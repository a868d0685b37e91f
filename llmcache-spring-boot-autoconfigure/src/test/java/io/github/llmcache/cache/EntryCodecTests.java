package io.github.llmcache.cache;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

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

	private final EntryCodec codec = new EntryCodec(MAX_ENTRY_SIZE);

	@AfterEach
	void closeCodec() {
		this.codec.close();
	}

	@Test
	void everythingIsReadAsItWasWritten() throws Exception {
		CachedResponse first = new CachedResponse("{\"é\":1}\n".getBytes(StandardCharsets.UTF_8), 3, 1, 2,
				5_000_000_000L, "STOP", Instant.ofEpochMilli(1_700_000_000_123L), Duration.ofMillis(987), "req_é");
		CachedResponse second = new CachedResponse(new byte[0], 1, 0, Long.MAX_VALUE, 0L, "", Instant.ofEpochMilli(-1),
				Duration.ZERO, null);
		List<CachedResponse> responses = List.of(first, second);
		assertThat(decode(this.codec.encode(responses))).isEqualTo(responses);
	}

	@Test
	void anUnknownCostIsNotZero() throws Exception {
		CachedResponse unknown = new CachedResponse(new byte[] { 1 }, 1, 0, 0, null, "STOP", Instant.EPOCH,
				Duration.ZERO, null);
		CachedResponse free = new CachedResponse(new byte[] { 1 }, 1, 0, 0, 0L, "STOP", Instant.EPOCH, Duration.ZERO,
				null);
		assertThat(decode(this.codec.encode(List.of(unknown, free)))).extracting(CachedResponse::costNanos)
			.containsExactly(null, 0L);
	}

	@Test
	void aBodyThatCannotBeCompressedIsKept() throws Exception {
		byte[] body = new byte[MAX_ENTRY_SIZE];
		new Random(1).nextBytes(body);
		assertThat(decode(this.codec.encode(List.of(response(body)))).get(0).body()).isEqualTo(body);
	}

	@Test
	void whatIsDamagedAnywhereIsUnreadable() throws Exception {
		List<CachedResponse> responses = List.of(response("some text, some text, some text"), response(""));
		byte[] bytes = this.codec.encode(responses);
		for (int i = 0; i < bytes.length; i++) {
			for (int mask : new int[] { 0x01, 0x80, 0xFF }) {
				byte[] damaged = bytes.clone();
				damaged[i] ^= (byte) mask;
				assertUnreadableOrEqual(damaged, responses, i);
			}
		}
		assertThat(decode(bytes)).isEqualTo(responses);
	}

	/**
	 * Some bits of a frame's header mean nothing. What is read must be right, though.
	 */
	private void assertUnreadableOrEqual(byte[] bytes, List<CachedResponse> expected, int position) {
		try {
			assertThat(decode(bytes)).as("damaged at %s", position).isEqualTo(expected);
		}
		catch (UnreadableEntryException ex) {
			// As it should be
		}
	}

	@Test
	void whatIsTruncatedIsUnreadable() {
		byte[] bytes = this.codec.encode(List.of(response("some text, some text, some text")));
		for (int length = 0; length < bytes.length; length++) {
			assertUnreadable(EntryCodec.FORMAT, Arrays.copyOf(bytes, length));
		}
	}

	@Test
	void whatIsNoFrameIsUnreadable() {
		Random random = new Random(2);
		for (int i = 0; i < 1000; i++) {
			byte[] bytes = new byte[random.nextInt(200)];
			random.nextBytes(bytes);
			assertUnreadable(EntryCodec.FORMAT, bytes);
		}
	}

	@Test
	void aFrameWithOtherContentIsUnreadable() {
		Random random = new Random(3);
		assertUnreadable(EntryCodec.FORMAT, this.codec.compress(new byte[0]));
		assertUnreadable(EntryCodec.FORMAT, this.codec.compress(new byte[1000]));
		for (int i = 0; i < 1000; i++) {
			byte[] bytes = new byte[4 + random.nextInt(200)];
			random.nextBytes(bytes);
			// A number of responses that is possible
			Arrays.fill(bytes, 0, 3, (byte) 0);
			bytes[3] = 1;
			byte[] frame = this.codec.compress(bytes);
			try {
				decode(frame);
			}
			catch (UnreadableEntryException ex) {
				// Any other exception fails the test
			}
		}
	}

	@Test
	void aFrameThatClaimsToBeHugeIsUnreadable() {
		ByteBuffer frame = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
		frame.putInt(0xFD2FB528);
		// A single segment, whose size has 8 bytes
		frame.put((byte) 0xE0);
		frame.putLong(1L << 40);
		assertUnreadable(EntryCodec.FORMAT, frame.array());
	}

	@Test
	void aFrameOfMoreThanAnEntryMayHaveIsUnreadable() {
		EntryCodec larger = new EntryCodec(10 * MAX_ENTRY_SIZE);
		byte[] bytes = larger.encode(List.of(response(new byte[2 * MAX_ENTRY_SIZE])));
		assertThat(bytes).hasSizeLessThan(1000);
		assertUnreadable(EntryCodec.FORMAT, bytes);
		larger.close();
	}

	@Test
	void anotherFormatIsUnreadable() {
		byte[] bytes = this.codec.encode(List.of(response("a")));
		assertUnreadable(0, bytes);
		assertUnreadable(EntryCodec.FORMAT + 1, bytes);
	}

	@Test
	void tooMuchIsNotWritten() {
		byte[] half = new byte[MAX_ENTRY_SIZE / 2];
		assertThat(this.codec.encode(List.of(response(half), response(half)))).isNotEmpty();
		assertThatExceptionOfType(CacheStoreException.class)
			.isThrownBy(() -> this.codec.encode(List.of(response(half), response(half), response("a"))))
			.withMessageContaining("llmcache.max-entry-size");
	}

	@Test
	void whatIsWrittenCanBeRead() {
		List<CachedResponse> responses = new ArrayList<>();
		responses.add(response(new byte[MAX_ENTRY_SIZE]));
		for (int i = 0; i < 2000; i++) {
			responses.add(response(""));
		}
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> this.codec.encode(responses))
			.withMessageContaining("llmcache.max-entry-size");
	}

	@Test
	void canBeUsedAfterItHasBeenClosed() throws Exception {
		this.codec.close();
		List<CachedResponse> responses = List.of(response("a"));
		assertThat(decode(this.codec.encode(responses))).isEqualTo(responses);
	}

	private List<CachedResponse> decode(byte[] bytes) throws UnreadableEntryException {
		return this.codec.decode(EntryCodec.FORMAT, bytes);
	}

	private void assertUnreadable(int format, byte[] bytes) {
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(() -> this.codec.decode(format, bytes));
	}

}
