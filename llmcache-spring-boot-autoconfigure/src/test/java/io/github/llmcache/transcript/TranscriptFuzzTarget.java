package io.github.llmcache.transcript;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.TestEntries;

/**
 * Whatever an entry holds can be shown.
 */
public final class TranscriptFuzzTarget {

	private static final RequestHashes HASHES = new RequestHashes(new byte[RequestHashes.HASH_LENGTH], new byte[0],
			new byte[RequestHashes.SKETCH_LENGTH]);

	private TranscriptFuzzTarget() {
	}

	public static void fuzzerTestOneInput(byte[] input) {
		int split = 0;
		while (split < input.length && input[split] != 0) {
			split++;
		}
		byte[] request = Arrays.copyOf(input, split);
		byte[] response = Arrays.copyOfRange(input, Math.min(split + 1, input.length), input.length);
		CachedResponse cached = new CachedResponse(response, 1, 1, 2, 3L, "STOP", Instant.EPOCH, Duration.ZERO, null);
		List<Section> sections = StoredTranscript
			.of(new CacheEntry(TestEntries.key("m", 1), "", List.of(cached), null, new RequestRecord(HASHES, request)));
		if (sections.isEmpty()) {
			throw new IllegalStateException("Nothing is shown");
		}
		for (Section section : sections) {
			if (section.text()
				.chars()
				.anyMatch((character) -> character < ' ' && character != '\n' && character != '\t')) {
				throw new IllegalStateException("A control character is shown");
			}
		}
	}

}
