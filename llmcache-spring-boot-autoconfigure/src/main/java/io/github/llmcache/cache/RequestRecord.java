package io.github.llmcache.cache;

import java.util.Arrays;
import java.util.Objects;

/**
 * What was asked, kept beside an entry so that a miss can be explained and an entry be
 * exported. Never read on a hit.
 *
 * @param parametersHash a hash of everything in the request but its messages,
 * {@value #HASH_LENGTH} bytes
 * @param messageHashes a hash of each message in order, {@value #HASH_LENGTH} bytes each
 * @param json the request as JSON: namespace, endpoint, operation and body
 */
public record RequestRecord(byte[] parametersHash, byte[] messageHashes, byte[] json) {

	/** The length of a hash: enough to tell apart what is compared with one request. */
	public static final int HASH_LENGTH = 8;

	public RequestRecord {
		Objects.requireNonNull(json, "'json' must not be null");
		if (parametersHash.length != HASH_LENGTH || messageHashes.length % HASH_LENGTH != 0) {
			throw new IllegalArgumentException("A hash has " + HASH_LENGTH + " bytes");
		}
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof RequestRecord record && Arrays.equals(this.parametersHash, record.parametersHash)
				&& Arrays.equals(this.messageHashes, record.messageHashes) && Arrays.equals(this.json, record.json);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.json);
	}

	@Override
	public String toString() {
		return "RequestRecord[" + this.json.length + " bytes]";
	}

}
