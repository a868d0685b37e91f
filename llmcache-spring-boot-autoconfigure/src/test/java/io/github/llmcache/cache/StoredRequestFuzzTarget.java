package io.github.llmcache.cache;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whatever is stored as a request can be compared with another one, or is unreadable; and
 * its text can be sketched.
 */
public final class StoredRequestFuzzTarget {

	private static final CacheKeyHasher HASHER = new CacheKeyHasher();

	private StoredRequestFuzzTarget() {
	}

	public static void fuzzerTestOneInput(byte[] input) {
		int half = input.length / 2;
		CacheRequest first = request(input);
		CacheRequest second = request(Arrays.copyOf(input, half));
		CacheRequest third = request(Arrays.copyOfRange(input, half, input.length));
		if (first != null) {
			compare(first, first);
		}
		if (second != null && third != null) {
			compare(second, third);
			compare(third, second);
		}
	}

	private static @Nullable CacheRequest request(byte[] json) {
		try {
			CacheRequest request = StoredRequest.parse(json).toRequest("m", "messages", HASHER);
			request.key().toBytes();
			return request;
		}
		catch (UnreadableEntryException | ArithmeticException ex) {
			return null;
		}
	}

	private static void compare(CacheRequest stored, CacheRequest requested) {
		RequestDifferences.between(stored.body(), requested);
		RequestRecord record = RequestRecord.of(stored);
		if (record.hashes().sketch().length != RequestHashes.SKETCH_LENGTH) {
			throw new IllegalStateException("A sketch has another length");
		}
		for (JsonNode value : stored.body()) {
			JsonExcerpt.of(value);
		}
	}

}
