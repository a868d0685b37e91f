package io.github.llmcache.faults.entries;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.github.llmcache.cache.EntryCodec;

/**
 * Payloads as the codec of entries writes them, with checksums that are right and with
 * anything else.
 */
final class Payloads {

	/** The header of a frame that says that a terabyte is in it, and an empty block. */
	static final byte[] TERABYTE = HexFormat.of().parseHex("28b52ffde00000000000010000010000");

	private static final byte[] SKIPPABLE = HexFormat.of().parseHex("502a4d1800000000");

	private static final int BOMB = 24 * 1024 * 1024;

	private static final String ANSWER = """
			{"id":"c","object":"chat.completion","model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant",\
			"content":"hostile"},"finish_reason":"stop"}],"usage":{"prompt_tokens":%s,"completion_tokens":1}%s}""";

	private byte[] body = new byte[0];

	private byte[] frame = new byte[0];

	private long dictionary;

	private long responses = 1;

	private long samples = 1;

	private long inputTokens = 1;

	private long costNanos = 1;

	private long createdAt = 1_767_323_045_678L;

	private long durationMillis = 1;

	private long bodyLength = -1;

	private String finishReason = "STOP";

	private Payloads() {
	}

	/**
	 * Return all attacks that a payload can be.
	 */
	static List<Named> all() {
		List<Named> all = new ArrayList<>();
		all.add(new Named("terabyte", of(answer("1", "")).frame(TERABYTE).bodyLength(1L << 40)));
		all.add(new Named("hidden-terabyte", of(answer("1", "")).frame(TERABYTE).bodyLength(100)));
		byte[] bomb = Zstd.compress(new byte[BOMB]);
		all.add(new Named("bomb", of(new byte[0]).frame(bomb).bodyLength(BOMB)));
		all.add(new Named("hidden-bomb", of(new byte[0]).frame(bomb).bodyLength(1000)));
		all.add(new Named("many-frames", of(new byte[0]).frame(repeat(Zstd.compress(new byte[0]), 50_000))));
		all.add(new Named("skippable-frames", of(new byte[0]).frame(repeat(SKIPPABLE, 50_000))));
		all.add(new Named("without-length",
				of(answer("1", "")).frame(withoutLength(answer("1", ""))).bodyLength(BOMB)));
		all.add(new Named("deep", of(("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000)))));
		all.add(new Named("deep-answer", of(answer("1", ",\"x\":" + "[".repeat(100_000) + "]".repeat(100_000)))));
		all.add(new Named("digits", of(answer("9".repeat(900_000), ""))));
		all.add(new Named("no-json", of("<html>")));
		all.add(new Named("wrong-types", of("{\"choices\":{\"0\":[]},\"usage\":7}")));
		all.add(new Named("two-choices", of(answer("1", ",\"choices\":[]"))));
		all.add(new Named("an-error", of("{\"error\":{\"message\":\"no\"}}")));
		all.add(new Named("nothing", of("")));
		all.add(new Named("samples", of(answer("1", "")).samples(Integer.MAX_VALUE)));
		all.add(new Named("no-samples", of(answer("1", "")).samples(0)));
		all.add(new Named("negative-samples", of(answer("1", "")).samples(-1)));
		all.add(new Named("tokens", of(answer("1", "")).inputTokens(Long.MAX_VALUE)));
		all.add(new Named("negative-tokens", of(answer("1", "")).inputTokens(-1)));
		all.add(new Named("cost", of(answer("1", "")).costNanos(Long.MAX_VALUE)));
		all.add(new Named("negative-cost", of(answer("1", "")).costNanos(Long.MIN_VALUE)));
		all.add(new Named("future", of(answer("1", "")).createdAt(Long.MAX_VALUE)));
		all.add(new Named("past", of(answer("1", "")).createdAt(Long.MIN_VALUE)));
		all.add(new Named("duration", of(answer("1", "")).durationMillis(Long.MIN_VALUE)));
		all.add(new Named("no-responses", of(answer("1", "")).responses(0)));
		all.add(new Named("responses", of(answer("1", "")).responses(Integer.MAX_VALUE)));
		all.add(new Named("another-dictionary", of("<html>").dictionary(77)));
		all.add(new Named("damaged-dictionary", of("<html>").dictionary(5)));
		all.add(new Named("no-dictionary", of(answer("1", "")).dictionary(Integer.MAX_VALUE)));
		return all;
	}

	private static String answer(String promptTokens, String more) {
		return ANSWER.formatted(promptTokens, more);
	}

	private static byte[] repeat(byte[] bytes, int times) {
		ByteArrayOutputStream repeated = new ByteArrayOutputStream();
		for (int i = 0; i < times; i++) {
			repeated.writeBytes(bytes);
		}
		return repeated.toByteArray();
	}

	private static byte[] withoutLength(String body) {
		try (ZstdCompressCtx context = new ZstdCompressCtx()) {
			return context.setContentSize(false).compress(body.getBytes(StandardCharsets.UTF_8));
		}
	}

	private static Payloads of(String body) {
		return of(body.getBytes(StandardCharsets.UTF_8));
	}

	private static Payloads of(byte[] body) {
		Payloads payload = new Payloads();
		payload.body = body;
		payload.frame = Zstd.compress(body);
		return payload;
	}

	/**
	 * Return a payload whose finish reason has so many characters.
	 */
	static Payloads withLongReason(int length) {
		Payloads payload = of(answer("1", ""));
		payload.finishReason = "S".repeat(length);
		return payload;
	}

	private Payloads frame(byte[] frame) {
		this.frame = frame;
		return this;
	}

	private Payloads bodyLength(long bodyLength) {
		this.bodyLength = bodyLength;
		return this;
	}

	private Payloads dictionary(long dictionary) {
		this.dictionary = dictionary;
		return this;
	}

	private Payloads responses(long responses) {
		this.responses = responses;
		return this;
	}

	private Payloads samples(long samples) {
		this.samples = samples;
		return this;
	}

	private Payloads inputTokens(long inputTokens) {
		this.inputTokens = inputTokens;
		return this;
	}

	private Payloads costNanos(long costNanos) {
		this.costNanos = costNanos;
		return this;
	}

	private Payloads createdAt(long createdAt) {
		this.createdAt = createdAt;
		return this;
	}

	private Payloads durationMillis(long durationMillis) {
		this.durationMillis = durationMillis;
		return this;
	}

	/**
	 * Return the payload under a key.
	 */
	byte[] toBytes(byte[] key) {
		byte[] reason = this.finishReason.getBytes(StandardCharsets.US_ASCII);
		ByteBuffer bytes = ByteBuffer.allocate(200 + reason.length + this.frame.length);
		bytes.put((byte) EntryCodec.FORMAT);
		put(bytes, this.dictionary);
		bytes.put((byte) 0).put((byte) 0);
		put(bytes, this.responses);
		put(bytes, this.samples);
		put(bytes, this.inputTokens);
		put(bytes, 1);
		bytes.putLong(this.createdAt);
		put(bytes, this.durationMillis);
		bytes.put((byte) 1);
		put(bytes, this.costNanos);
		put(bytes, reason.length);
		bytes.put(reason).put((byte) 0);
		put(bytes, (this.bodyLength >= 0) ? this.bodyLength : this.body.length);
		put(bytes, this.frame.length);
		CRC32C checksum = new CRC32C();
		checksum.update(key);
		checksum.update(bytes.array(), 0, bytes.position());
		checksum.update(this.frame);
		bytes.putInt((int) checksum.getValue()).put(this.frame);
		return Arrays.copyOf(bytes.array(), bytes.position());
	}

	private static void put(ByteBuffer bytes, long value) {
		long rest = value;
		while ((rest & -0x80) != 0) {
			bytes.put((byte) (rest | 0x80));
			rest >>>= 7;
		}
		bytes.put((byte) rest);
	}

	/**
	 * A payload with a name.
	 */
	record Named(String name, Payloads payload) {
	}

}
