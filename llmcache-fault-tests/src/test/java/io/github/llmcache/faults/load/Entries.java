package io.github.llmcache.faults.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.faults.Scale;

/**
 * Entries that nobody asks for, so that there are many.
 */
final class Entries {

	/** How many are many. */
	static final int MANY = Scale.of(100_000, 5000);

	private static final int PORTION = 5000;

	private static final byte[] BODY = ("{\"text\":\"" + SoakTexts.answer(1, 1) + "\"}")
		.getBytes(StandardCharsets.UTF_8);

	private Entries() {
	}

	static void save(CacheStore store, String model, int first, int count) {
		for (int done = 0; done < count; done += PORTION) {
			List<CacheEntry> entries = new ArrayList<>();
			for (CacheKey key : keys(model, first + done, Math.min(PORTION, count - done))) {
				entries.add(new CacheEntry(key, "",
						List.of(new CachedResponse(BODY, 1, 10, 10, 1L, "STOP", Instant.EPOCH, Duration.ZERO, null)),
						null, null));
			}
			store.putAll(entries);
		}
	}

	static List<CacheKey> keys(String model, int first, int count) {
		List<CacheKey> keys = new ArrayList<>(count);
		for (int i = first; i < first + count; i++) {
			keys.add(CacheKey.of(model, i, ByteBuffer.allocate(CacheKey.LENGTH).putInt(i).array()));
		}
		return keys;
	}

	static Map<CacheKey, Instant> uses(String model, int count, Instant time) {
		Map<CacheKey, Instant> uses = new HashMap<>();
		keys(model, 0, count).forEach((key) -> uses.put(key, time));
		return uses;
	}

}
