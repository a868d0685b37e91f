package io.github.llmcache.cache;

import java.util.Arrays;
import java.util.Objects;

/**
 * What was asked, kept beside an entry so that a miss can be explained and an entry be
 * exported. Never read on a hit.
 *
 * @param hashes by what the request can be compared with others
 * @param json the request as JSON: namespace, endpoint, operation and body
 */
public record RequestRecord(RequestHashes hashes, byte[] json) {

	public RequestRecord {
		Objects.requireNonNull(hashes, "'hashes' must not be null");
		Objects.requireNonNull(json, "'json' must not be null");
	}

	/**
	 * Create the record of a request.
	 * @param request the request
	 * @return what is kept of it
	 */
	public static RequestRecord of(CacheRequest request) {
		return new RequestRecord(request.hasher().hashes(request), RequestJson.write(request));
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof RequestRecord record && this.hashes.equals(record.hashes)
				&& Arrays.equals(this.json, record.json);
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
