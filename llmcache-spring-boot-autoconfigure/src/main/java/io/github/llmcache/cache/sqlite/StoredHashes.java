package io.github.llmcache.cache.sqlite;

import java.util.Arrays;

import io.github.llmcache.cache.RequestHashes;

/**
 * The hashes of a request as they are stored, in one column: the driver takes its time
 * for each.
 */
final class StoredHashes {

	private static final int SKETCH = RequestHashes.HASH_LENGTH;

	private static final int MESSAGES = SKETCH + RequestHashes.SKETCH_LENGTH;

	private StoredHashes() {
	}

	static byte[] encode(RequestHashes hashes) {
		byte[] messages = hashes.messages();
		byte[] encoded = Arrays.copyOf(hashes.parameters(), MESSAGES + messages.length);
		System.arraycopy(hashes.sketch(), 0, encoded, SKETCH, RequestHashes.SKETCH_LENGTH);
		System.arraycopy(messages, 0, encoded, MESSAGES, messages.length);
		return encoded;
	}

	/**
	 * Decode hashes.
	 * @param encoded what {@link #encode(RequestHashes)} has returned
	 * @return the hashes
	 * @throws IllegalArgumentException if it is anything else
	 */
	static RequestHashes decode(byte[] encoded) {
		if (encoded.length < MESSAGES) {
			throw new IllegalArgumentException("The hashes are too short");
		}
		return new RequestHashes(Arrays.copyOf(encoded, SKETCH), Arrays.copyOfRange(encoded, MESSAGES, encoded.length),
				Arrays.copyOfRange(encoded, SKETCH, MESSAGES));
	}

}
