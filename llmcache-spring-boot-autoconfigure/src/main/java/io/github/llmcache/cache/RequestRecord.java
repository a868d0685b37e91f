package io.github.llmcache.cache;

import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

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

	/**
	 * Create the record of a request unless no store would keep it.
	 * @param request the request
	 * @param most the most bytes of its JSON
	 * @return what is kept of it, or {@code null} if it is longer
	 */
	static @Nullable RequestRecord of(CacheRequest request, long most) {
		byte[] json = RequestJson.write(request, most);
		return (json != null) ? new RequestRecord(request.hasher().hashes(request), json) : null;
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
