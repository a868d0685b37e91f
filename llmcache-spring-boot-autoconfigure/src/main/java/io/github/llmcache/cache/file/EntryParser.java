package io.github.llmcache.cache.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.file.EntryFormat.Names;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/**
 * Reads the content of a file, whoever has written or edited it: white space, the order
 * of members and members that are unknown mean nothing. Reads one file.
 */
final class EntryParser {

	/** What the JDK decodes to whatever is no UTF-8. */
	private static final char REPLACEMENT = '\uFFFD';

	/** Some editors begin files with it. */
	private static final String BYTE_ORDER_MARK = "\uFEFF";

	private static final byte[] NO_BODY = new byte[0];

	private final String text;

	private final JsonParser parser;

	private final Wanted wanted;

	private EntryParser(String text, JsonParser parser, Wanted wanted) {
		this.text = text;
		this.parser = parser;
		this.wanted = wanted;
	}

	/**
	 * Read an entry.
	 * @param bytes the content of a file
	 * @param wanted what is wanted of it
	 * @return the entry
	 * @throws UnreadableEntryException if the content is no entry. The message says where
	 * and why, and nothing of the content
	 */
	static CacheEntry parse(byte[] bytes, Wanted wanted) throws UnreadableEntryException {
		String text = decode(bytes);
		try (JsonParser parser = JsonFormat.parser(text.toCharArray())) {
			EntryParser entry = new EntryParser(text, parser, wanted);
			try {
				return entry.read();
			}
			catch (IllegalArgumentException | DateTimeException | ArithmeticException ex) {
				throw entry.unreadable("has a value that is none of its kind", ex);
			}
		}
		catch (JacksonException ex) {
			// Its message shows what it has read
			throw new UnreadableEntryException("is no valid JSON" + describe(ex.getLocation()), null);
		}
	}

	private static String decode(byte[] bytes) throws UnreadableEntryException {
		String text = new String(bytes, StandardCharsets.UTF_8);
		if (text.indexOf(REPLACEMENT) >= 0) {
			checkEncoding(bytes);
		}
		return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
	}

	/**
	 * Find out whether a replacement character was there or stands for what is no UTF-8.
	 */
	private static void checkEncoding(byte[] bytes) throws UnreadableEntryException {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		try {
			StandardCharsets.UTF_8.newDecoder().decode(buffer);
		}
		catch (CharacterCodingException ex) {
			throw new UnreadableEntryException("is not UTF-8 (byte " + buffer.position() + ")", ex);
		}
	}

	private CacheEntry read() throws UnreadableEntryException {
		this.parser.nextToken();
		long version = 0;
		String model = null;
		String namespace = null;
		String key = null;
		String fingerprint = null;
		Instant expiresAt = null;
		RequestRecord request = null;
		List<CachedResponse> responses = List.of();
		String checksum = null;
		expect(JsonToken.START_OBJECT);
		while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
			switch (nextValue()) {
				case Names.VERSION -> version = number();
				case Names.MODEL -> model = string();
				case Names.NAMESPACE -> namespace = string();
				case Names.KEY -> key = string();
				case Names.FINGERPRINT -> fingerprint = string();
				case Names.EXPIRES_AT -> expiresAt = time();
				case Names.REQUEST -> request = request();
				case Names.RESPONSES -> responses = responses();
				case Names.CHECKSUM -> checksum = string();
				default -> this.parser.skipChildren();
			}
		}
		if (this.parser.nextToken() != null) {
			throw unreadable("goes on after its end", null);
		}
		if (version != EntryFormat.VERSION) {
			throw unreadable("has another format than " + EntryFormat.VERSION, null);
		}
		CacheKey cacheKey = CacheKey.of(require(Names.MODEL, model),
				HexFormat.fromHexDigitsToLong(require(Names.FINGERPRINT, fingerprint)),
				HexFormat.of().parseHex(require(Names.KEY, key)));
		CacheEntry entry = new CacheEntry(cacheKey, require(Names.NAMESPACE, namespace), responses, expiresAt, request);
		if (checksum != null && this.wanted != Wanted.DETAILS) {
			check(checksum, EntryChecksum.of(cacheKey, entry.namespace(), expiresAt, responses));
		}
		return entry;
	}

	private @Nullable RequestRecord request() throws UnreadableEntryException {
		if (this.wanted == Wanted.RESPONSES) {
			this.parser.skipChildren();
			return null;
		}
		byte[] parametersHash = null;
		byte[] messageHashes = null;
		// Earlier versions had none
		byte[] sketch = new byte[RequestHashes.SKETCH_LENGTH];
		String checksum = null;
		Body body = new Body();
		expect(JsonToken.START_OBJECT);
		while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = nextValue();
			switch (name) {
				case Names.CHECKSUM -> checksum = string();
				case Names.PARAMETERS_HASH -> parametersHash = HexFormat.of().parseHex(string());
				case Names.MESSAGE_HASHES -> messageHashes = hashes();
				case Names.SKETCH -> sketch = HexFormat.of().parseHex(string());
				default -> body.read(name);
			}
		}
		RequestRecord request = new RequestRecord(new RequestHashes(require(Names.PARAMETERS_HASH, parametersHash),
				require(Names.MESSAGE_HASHES, messageHashes), sketch), body.toBytes());
		if (checksum != null && this.wanted != Wanted.DETAILS) {
			check(checksum, EntryChecksum.of(request));
		}
		return request;
	}

	/**
	 * Compare a checksum, which whoever edits a file leaves out.
	 */
	private static void check(String stored, String computed) throws UnreadableEntryException {
		if (!stored.equals(computed)) {
			throw new UnreadableEntryException("does not have the checksum that it says: it is damaged, or was edited "
					+ "and still has its member 'checksum'", null);
		}
	}

	private byte[] hashes() throws UnreadableEntryException {
		ByteArrayOutputStream hashes = new ByteArrayOutputStream();
		expect(JsonToken.START_ARRAY);
		while (this.parser.nextToken() != JsonToken.END_ARRAY) {
			hashes.writeBytes(HexFormat.of().parseHex(string()));
		}
		return hashes.toByteArray();
	}

	private List<CachedResponse> responses() throws UnreadableEntryException {
		List<CachedResponse> responses = new ArrayList<>();
		expect(JsonToken.START_ARRAY);
		while (this.parser.nextToken() != JsonToken.END_ARRAY) {
			responses.add(response());
		}
		return responses;
	}

	private CachedResponse response() throws UnreadableEntryException {
		Instant createdAt = null;
		long durationMillis = 0;
		long samples = 1;
		long inputTokens = 0;
		long outputTokens = 0;
		Long costNanos = null;
		String finishReason = null;
		String requestId = null;
		Body body = new Body();
		expect(JsonToken.START_OBJECT);
		while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = nextValue();
			switch (name) {
				case Names.CREATED_AT -> createdAt = time();
				case Names.DURATION_MILLIS -> durationMillis = number();
				case Names.SAMPLES -> samples = number();
				case Names.INPUT_TOKENS -> inputTokens = number();
				case Names.OUTPUT_TOKENS -> outputTokens = number();
				case Names.COST_NANOS -> costNanos = number();
				case Names.FINISH_REASON -> finishReason = string();
				case Names.REQUEST_ID -> requestId = string();
				default -> body.read(name);
			}
		}
		return new CachedResponse(body.toBytes(), Math.toIntExact(samples), inputTokens, outputTokens, costNanos,
				require(Names.FINISH_REASON, finishReason), require(Names.CREATED_AT, createdAt),
				Duration.ofMillis(durationMillis), requestId);
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

	private void expect(JsonToken token) throws UnreadableEntryException {
		if (this.parser.currentToken() != token) {
			throw unreadable("has a value that is none of its kind", null);
		}
	}

	private String string() throws UnreadableEntryException {
		expect(JsonToken.VALUE_STRING);
		return this.parser.getString();
	}

	private long number() throws UnreadableEntryException {
		expect(JsonToken.VALUE_NUMBER_INT);
		return this.parser.getLongValue();
	}

	private Instant time() throws UnreadableEntryException {
		// Of more milliseconds than a number has, nothing could be written or compared
		return Instant.ofEpochMilli(Instant.parse(string()).toEpochMilli());
	}

	private <T> T require(String name, @Nullable T value) throws UnreadableEntryException {
		if (value == null) {
			throw unreadable("lacks the member '" + name + "'", null);
		}
		return value;
	}

	private UnreadableEntryException unreadable(String reason, @Nullable Throwable cause) {
		return new UnreadableEntryException(reason + describe(this.parser.currentTokenLocation()), cause);
	}

	private static String describe(@Nullable TokenStreamLocation location) {
		return (location != null && location.getLineNr() > 0)
				? " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")" : "";
	}

	/**
	 * The bytes of a response or request, which take several members.
	 */
	private final class Body {

		private String layout = JsonLayout.COMPACT.id();

		private boolean lineBreak;

		private @Nullable String json;

		private @Nullable String string;

		void read(String name) throws UnreadableEntryException {
			switch (name) {
				case Names.LAYOUT -> this.layout = string();
				case Names.LINE_BREAK -> this.lineBreak = EntryParser.this.parser.getBooleanValue();
				case Names.BODY -> readValue();
				default -> EntryParser.this.parser.skipChildren();
			}
		}

		private void readValue() {
			JsonParser parser = EntryParser.this.parser;
			if (EntryParser.this.wanted == Wanted.DETAILS) {
				parser.skipChildren();
				this.json = "";
				return;
			}
			int start = (int) parser.currentTokenLocation().getCharOffset();
			this.string = (parser.currentToken() == JsonToken.VALUE_STRING) ? parser.getString() : null;
			parser.skipChildren();
			parser.finishToken();
			this.json = EntryParser.this.text.substring(start, (int) parser.currentLocation().getCharOffset());
		}

		byte[] toBytes() throws UnreadableEntryException {
			require(Names.BODY, this.json);
			if (EntryParser.this.wanted == Wanted.DETAILS) {
				return NO_BODY;
			}
			return new StoredBytes(this.layout, this.lineBreak, this.json, this.string).toBytes();
		}

	}

	/**
	 * What is wanted of an entry.
	 */
	enum Wanted {

		/** All but the request. */
		RESPONSES,

		/** All but the bodies of request and responses, which are empty then. */
		DETAILS,

		/** All there is. */
		EVERYTHING

	}

}
