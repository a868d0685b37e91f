package io.github.llmcache.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes keys and entries for tests.
 */
public final class TestEntries {

	public static final Instant CREATED_AT = Instant.parse("2026-01-02T03:04:05.678Z");

	private TestEntries() {
	}

	public static CacheKey key(String model, Object seed) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(seed.toString().getBytes(StandardCharsets.UTF_8));
			return CacheKey.of(model, ByteBuffer.wrap(hash).getLong(), hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public static CacheEntry entry(CacheKey key, String... bodies) {
		return entryIn("", key, bodies);
	}

	public static CacheEntry entryIn(String namespace, CacheKey key, String... bodies) {
		List<CachedResponse> responses = new ArrayList<>();
		for (String body : bodies) {
			responses.add(response(body));
		}
		return new CacheEntry(key, namespace, responses, null, null);
	}

	public static CachedResponse response(String body) {
		return response(body.getBytes(StandardCharsets.UTF_8));
	}

	public static CachedResponse response(byte[] body) {
		return new CachedResponse(body, 1, 20, 30, 4_000L, "STOP", CREATED_AT, Duration.ofMillis(1234), "req-1");
	}

	public static RequestRecord request(String json) {
		return new RequestRecord(new RequestHashes(new byte[RequestHashes.HASH_LENGTH],
				new byte[2 * RequestHashes.HASH_LENGTH], new byte[RequestHashes.SKETCH_LENGTH]),
				json.getBytes(StandardCharsets.UTF_8));
	}

	public static List<String> bodies(CacheEntry entry) {
		return entry.responses()
			.stream()
			.map((response) -> new String(response.body(), StandardCharsets.UTF_8))
			.toList();
	}

}
