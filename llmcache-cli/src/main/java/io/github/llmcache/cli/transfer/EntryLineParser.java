package io.github.llmcache.cli.transfer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryLimit;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cli.transfer.LineFormat.Names;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Parses one line.
 */
final class EntryLineParser {

	/** Stores add up costs, and nobody has paid 10,000 dollars for an answer. */
	private static final long MAX_COST_NANOS = 10_000_000_000_000L;

	private static final long MAX_TOKENS = 1_000_000_000_000L;

	private static final long MAX_SAMPLES = 1_000_000;

	private static final long MAX_DURATION_MILLIS = Duration.ofDays(365).toMillis();

	private static final Instant MAX_CREATED_AT = Instant.parse("9999-12-31T23:59:59.999Z");

	private final byte[] line;

	private final JsonParser parser;

	private final long maxEntrySize;

	EntryLineParser(byte[] line, JsonParser parser, long maxEntrySize) {
		this.line = line;
		this.parser = parser;
		this.maxEntrySize = maxEntrySize;
	}

	/**
	 * Parse the line.
	 * @return the entry
	 * @throws BrokenLineException if the line is no entry
	 * @throws tools.jackson.core.JacksonException if the line is no JSON
	 */
	CacheEntry parse() throws BrokenLineException {
		this.parser.nextToken();
		Long version = null;
		byte[] key = null;
		byte[] fingerprint = null;
		String model = null;
		String namespace = null;
		Instant expiresAt = null;
		byte[] request = null;
		RequestHashes hashes = null;
		List<CachedResponse> responses = null;
		while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
			switch (nextValue()) {
				case Names.VERSION -> version = number(Long.MAX_VALUE);
				case Names.KEY -> key = hex(CacheKey.LENGTH);
				case Names.FINGERPRINT -> fingerprint = hex(Long.BYTES);
				case Names.MODEL -> model = string();
				case Names.NAMESPACE -> namespace = string();
				case Names.EXPIRES_AT -> expiresAt = isNull() ? null : time(Instant.MAX);
				case Names.REQUEST -> request = isNull() ? null : request();
				case Names.HASHES -> hashes = isNull() ? null : hashes();
				case Names.RESPONSES -> responses = responses();
				default -> this.parser.skipChildren();
			}
		}
		if (require(Names.VERSION, version) != LineFormat.VERSION) {
			throw new BrokenLineException("a value is out of range");
		}
		if (this.parser.nextToken() != null) {
			throw new BrokenLineException("there is more in the line than an object");
		}
		CacheKey cacheKey = CacheKey.of(require(Names.MODEL, model),
				HexFormat.fromHexDigitsToLong(HexFormat.of().formatHex(require(Names.FINGERPRINT, fingerprint))),
				require(Names.KEY, key));
		return new CacheEntry(cacheKey, require(Names.NAMESPACE, namespace), require(Names.RESPONSES, responses),
				expiresAt, (request != null) ? new RequestRecord(require(Names.HASHES, hashes), request) : null);
	}

	private byte[] request() throws BrokenLineException {
		if (this.parser.currentToken() == JsonToken.VALUE_STRING) {
			return string().getBytes(StandardCharsets.UTF_8);
		}
		expect(JsonToken.START_OBJECT);
		int start = (int) this.parser.currentTokenLocation().getByteOffset();
		this.parser.skipChildren();
		return Arrays.copyOfRange(this.line, start, (int) this.parser.currentLocation().getByteOffset());
	}

	private RequestHashes hashes() throws BrokenLineException {
		byte[] parameters = null;
		byte[] messages = null;
		byte[] sketch = null;
		expect(JsonToken.START_OBJECT);
		while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
			switch (nextValue()) {
				case Names.PARAMETERS -> parameters = hex(RequestHashes.HASH_LENGTH);
				case Names.MESSAGES -> messages = messageHashes();
				case Names.SKETCH -> sketch = hex(RequestHashes.SKETCH_LENGTH);
				default -> this.parser.skipChildren();
			}
		}
		return new RequestHashes(require(Names.PARAMETERS, parameters), require(Names.MESSAGES, messages),
				require(Names.SKETCH, sketch));
	}

	private byte[] messageHashes() throws BrokenLineException {
		ByteArrayOutputStream hashes = new ByteArrayOutputStream();
		expect(JsonToken.START_ARRAY);
		while (this.parser.nextToken() != JsonToken.END_ARRAY) {
			hashes.writeBytes(hex(RequestHashes.HASH_LENGTH));
		}
		return hashes.toByteArray();
	}

	private List<CachedResponse> responses() throws BrokenLineException {
		List<CachedResponse> responses = new ArrayList<>();
		long bytes = 0;
		long costNanos = 0;
		long samples = 0;
		expect(JsonToken.START_ARRAY);
		while (this.parser.nextToken() != JsonToken.END_ARRAY) {
			CachedResponse response = response();
			responses.add(response);
			bytes += response.body().length;
			costNanos += (response.costNanos() != null) ? response.costNanos() : 0;
			samples += response.samples();
			if (bytes > this.maxEntrySize || responses.size() > EntryLimit.MAX_RESPONSES) {
				throw new BrokenLineException("larger than an entry may be");
			}
			if (costNanos > MAX_COST_NANOS || samples > MAX_SAMPLES) {
				throw new BrokenLineException("costs or samples are out of range");
			}
		}
		if (responses.isEmpty()) {
			throw new BrokenLineException("there is no response");
		}
		return responses;
	}

	private CachedResponse response() throws BrokenLineException {
		byte[] body = null;
		String checksum = null;
		Long samples = null;
		Long inputTokens = null;
		Long outputTokens = null;
		Long costNanos = null;
		String finishReason = null;
		Instant createdAt = null;
		Long durationMillis = null;
		String requestId = null;
		expect(JsonToken.START_OBJECT);
		while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = nextValue();
			switch (name) {
				case Names.BODY, Names.BODY_BASE64 -> {
					if (body != null) {
						throw new BrokenLineException("a response has two bodies");
					}
					body = name.equals(Names.BODY) ? string().getBytes(StandardCharsets.UTF_8) : base64();
				}
				case Names.CRC32C -> checksum = string();
				case Names.SAMPLES -> samples = number(1, MAX_SAMPLES);
				case Names.INPUT_TOKENS -> inputTokens = number(MAX_TOKENS);
				case Names.OUTPUT_TOKENS -> outputTokens = number(MAX_TOKENS);
				case Names.COST_NANOS -> costNanos = isNull() ? null : Long.valueOf(number(MAX_COST_NANOS));
				case Names.FINISH_REASON -> finishReason = string();
				case Names.CREATED_AT -> createdAt = time(MAX_CREATED_AT);
				case Names.DURATION_MILLIS -> durationMillis = number(MAX_DURATION_MILLIS);
				case Names.REQUEST_ID -> requestId = isNull() ? null : string();
				default -> this.parser.skipChildren();
			}
		}
		byte[] bytes = require(Names.BODY, body);
		if (!EntryLineWriter.checksum(bytes).equalsIgnoreCase(require(Names.CRC32C, checksum))) {
			throw new BrokenLineException("the CRC-32C of a body is another one");
		}
		return new CachedResponse(bytes, require(Names.SAMPLES, samples).intValue(),
				require(Names.INPUT_TOKENS, inputTokens), require(Names.OUTPUT_TOKENS, outputTokens), costNanos,
				require(Names.FINISH_REASON, finishReason), require(Names.CREATED_AT, createdAt),
				Duration.ofMillis(require(Names.DURATION_MILLIS, durationMillis)), requestId);
	}

	/**
	 * Go on to the value of a member.
	 * @return the member's name
	 */
	private String nextValue() {
		String name = Objects.requireNonNull(this.parser.currentName());
		this.parser.nextToken();
		return name;
	}

	private boolean isNull() {
		return this.parser.currentToken() == JsonToken.VALUE_NULL;
	}

	private void expect(JsonToken token) throws BrokenLineException {
		if (this.parser.currentToken() != token) {
			throw wrongKind();
		}
	}

	private String string() throws BrokenLineException {
		expect(JsonToken.VALUE_STRING);
		return this.parser.getString();
	}

	private byte[] hex(int length) throws BrokenLineException {
		try {
			byte[] bytes = HexFormat.of().parseHex(string());
			if (bytes.length == length) {
				return bytes;
			}
		}
		catch (IllegalArgumentException ex) {
			// Answered below
		}
		throw wrongKind();
	}

	private byte[] base64() throws BrokenLineException {
		try {
			return Base64.getDecoder().decode(string());
		}
		catch (IllegalArgumentException ex) {
			throw wrongKind();
		}
	}

	private long number(long max) throws BrokenLineException {
		return number(0, max);
	}

	private long number(long min, long max) throws BrokenLineException {
		expect(JsonToken.VALUE_NUMBER_INT);
		try {
			long number = Long.parseLong(this.parser.getString());
			if (number >= min && number <= max) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// It has too many digits
		}
		throw new BrokenLineException("a value is out of range");
	}

	private Instant time(Instant max) throws BrokenLineException {
		String text = string();
		try {
			Instant time = Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
			if (time.toEpochMilli() >= 0 && !time.isAfter(max)) {
				return time;
			}
		}
		catch (DateTimeException ex) {
			throw wrongKind();
		}
		catch (ArithmeticException ex) {
			// No number of milliseconds
		}
		throw new BrokenLineException("a value is out of range");
	}

	private static <T> T require(String name, @Nullable T value) throws BrokenLineException {
		if (value == null) {
			throw new BrokenLineException("the member '" + name + "' is missing");
		}
		return value;
	}

	private BrokenLineException wrongKind() {
		return new BrokenLineException("a value is none of its kind");
	}

}
