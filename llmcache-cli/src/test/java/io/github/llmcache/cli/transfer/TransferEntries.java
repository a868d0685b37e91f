package io.github.llmcache.cli.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.StoredRequest;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes entries whose keys are those of their requests.
 */
public final class TransferEntries {

	public static final Instant CREATED_AT = Instant.parse("2026-01-02T03:04:05.678Z");

	public static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");

	public static final TransferSettings SETTINGS = TransferSettings.of(16 * 1024 * 1024);

	private static final CacheKeyHasher hasher = new CacheKeyHasher();

	private static final JsonMapper mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

	private TransferEntries() {
	}

	public static CacheEntry entry(String model, String question, String... bodies) {
		return entryIn("", model, "{\"model\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":"
				+ mapper.writeValueAsString(question) + "}],\"temperature\":0.50}", null, responses(bodies));
	}

	/**
	 * Make an entry.
	 * @param namespace the namespace
	 * @param model the model
	 * @param requestBody the body of the request as JSON
	 * @param expiresAt when the entry expires
	 * @param responses its responses
	 */
	public static CacheEntry entryIn(String namespace, String model, String requestBody, @Nullable Instant expiresAt,
			List<CachedResponse> responses) {
		String json = "{\"namespace\":" + mapper.writeValueAsString(namespace)
				+ ",\"endpoint\":\"https://api.example.com/v1\",\"operation\":\"chat/completions\",\"body\":"
				+ requestBody + "}";
		return entryOf(json, namespace, model, expiresAt, responses);
	}

	public static CacheEntry entryOf(String json, String namespace, String model, @Nullable Instant expiresAt,
			List<CachedResponse> responses) {
		RequestRecord request = request(json);
		return new CacheEntry(key(request, model), namespace, responses, expiresAt, request);
	}

	public static RequestRecord request(String json) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		byte[] hashes = new byte[RequestHashes.HASH_LENGTH];
		Arrays.fill(hashes, (byte) bytes.length);
		byte[] sketch = new byte[RequestHashes.SKETCH_LENGTH];
		Arrays.fill(sketch, (byte) -bytes.length);
		return new RequestRecord(new RequestHashes(hashes, Arrays.copyOf(hashes, 2 * hashes.length), sketch), bytes);
	}

	private static CacheKey key(RequestRecord request, String model) {
		try {
			CacheKey key = StoredRequest.parse(request.json()).toRequest(model, "messages", hasher).key();
			return CacheKey.of(model, key.fingerprint(), key.toBytes());
		}
		catch (UnreadableEntryException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return an entry as it is if its request is not stored.
	 */
	public static CacheEntry withoutRequest(CacheEntry entry) {
		return new CacheEntry(entry.key(), entry.namespace(), entry.responses(), entry.expiresAt(), null);
	}

	public static CacheEntry expiring(CacheEntry entry, @Nullable Instant expiresAt) {
		return new CacheEntry(entry.key(), entry.namespace(), entry.responses(), expiresAt, entry.request());
	}

	public static List<CachedResponse> responses(String... bodies) {
		List<CachedResponse> responses = new ArrayList<>();
		for (String body : bodies) {
			responses.add(response(body.getBytes(StandardCharsets.UTF_8)));
		}
		return responses;
	}

	public static CachedResponse response(byte[] body) {
		return new CachedResponse(body, 1, 20, 30, 4_000L, "STOP", CREATED_AT, Duration.ofMillis(1234), "req-1");
	}

	/**
	 * Return the lines of entries.
	 */
	public static String lines(List<CacheEntry> entries) {
		ByteArrayOutputStream lines = new ByteArrayOutputStream();
		EntryLineWriter writer = new EntryLineWriter();
		for (CacheEntry entry : entries) {
			writer.write(entry, entry.request());
			try {
				writer.writeTo(lines);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return lines.toString(StandardCharsets.UTF_8);
	}

	/**
	 * Return entries with all that is hard to keep.
	 */
	public static List<CacheEntry> hardOnes() {
		byte[] notUtf8 = { (byte) 0xC3, 0x28, 0, (byte) 0xFF, '\n' };
		byte[] surrogate = { (byte) 0xED, (byte) 0xA0, (byte) 0x80 };
		byte[] controls = new byte[3000];
		CacheEntry several = entry("gpt-4o", "several", "{\"a\":1}", "two");
		CachedResponse samples = new CachedResponse("[1,2]".getBytes(StandardCharsets.UTF_8), 7, 0, 0, null,
				"MAX_TOKENS", Instant.EPOCH, Duration.ZERO, null);
		return List.of(entry("gpt-4o", "plain", "{\"answer\":\"Hello\"}"),
				expiring(entry("gpt-4o", "expires", "{}"), Instant.parse("2030-01-01T00:00:00.001Z")),
				expiring(entry("gpt-4o", "expires far away", "{}"), Instant.parse("+102026-01-01T00:00:00.001Z")),
				withoutRequest(entry("gpt-4o", "no request", "{}")),
				entry("meta/llama\n3\\\u0000 \uD83D\uDE00", "model", "{}"), entry("", "empty model", "{}"),
				entry("../../x\uD800", "lone surrogate in the model", "{}"),
				entryIn("a\uDC00\n/", "gpt-4o", "{\"messages\":\"namespace\"}", null, responses("{}")),
				entryIn("ns", "gpt-4o",
						"{\"messages\":\"\\ud800 \\u0000 é \uD83D\uDE00 \\n\",\"a\":1e400,\"b\":1.10,\"c\":-0.0,"
								+ "\"d\":123456789012345678901234567890,\"e\":1E+2,\"f\":{\"g\":[null,true,[],{}]}}",
						null, responses("{}")),
				entryOf("{ \"namespace\" : \"\",\n\t\"endpoint\":\"e\",\r\n\"operation\":\"o\",\"body\":{\"m\":\"lines\"}}\n",
						"", "gpt-4o", null, responses("{}")),
				entry("gpt-4o", "line breaks", "{\n  \"answer\": \"a\\nb\"\r\n}\n", "\u2028\u2029\u0085\uFEFF\uFFFD"),
				entry("gpt-4o", "empty body", ""),
				entryIn("", "gpt-4o", "{\"messages\":\"bytes\"}", null,
						List.of(response(notUtf8), response(surrogate), response(controls), samples)),
				several, entry("gpt-4o", "quotes", "\"\"\"\\\\\"".repeat(100)));
	}

}
