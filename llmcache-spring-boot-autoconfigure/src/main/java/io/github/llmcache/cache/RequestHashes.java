package io.github.llmcache.cache;

import java.util.Arrays;

/**
 * By what a request can be compared with others without its text.
 *
 * @param parameters a hash of everything in the request but its messages,
 * {@value #HASH_LENGTH} bytes
 * @param messages a hash of each message in order, {@value #HASH_LENGTH} bytes each
 * @param sketch a sketch of the messages' text, {@value #SKETCH_LENGTH} bytes: the more
 * alike two texts are, the more of it is equal
 */
public record RequestHashes(byte[] parameters, byte[] messages, byte[] sketch) {

	/** The length of a hash: enough to tell apart what is compared with one request. */
	public static final int HASH_LENGTH = 8;

	/** The length of a sketch. */
	public static final int SKETCH_LENGTH = 32;

	public RequestHashes {
		if (parameters.length != HASH_LENGTH || messages.length % HASH_LENGTH != 0 || sketch.length != SKETCH_LENGTH) {
			throw new IllegalArgumentException("A hash has another length");
		}
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof RequestHashes hashes && Arrays.equals(this.parameters, hashes.parameters)
				&& Arrays.equals(this.messages, hashes.messages) && Arrays.equals(this.sketch, hashes.sketch);
	}

	@Override
	public int hashCode() {
		return 31 * Arrays.hashCode(this.parameters) + Arrays.hashCode(this.messages);
	}

	@Override
	public String toString() {
		return "RequestHashes[messages=" + this.messages.length / HASH_LENGTH + "]";
	}

}
