package io.github.llmcache.cache.file;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.RequestRecord;

import org.jspecify.annotations.Nullable;

/**
 * The CRC-32C of what a file says, however it is laid out: a bit that has flipped makes
 * another valid text as a rule. Of the values rather than of the text, so that white
 * space, line ends and the order of members still mean nothing.
 */
final class EntryChecksum {

	private final CRC32C checksum = new CRC32C();

	private EntryChecksum() {
	}

	/**
	 * Return the checksum of what is answered. Of the key, only what its path does not
	 * tell is part of it.
	 * @param key the key
	 * @param namespace the namespace
	 * @param expiresAt when the entry expires, or {@code null} for never
	 * @param responses the responses
	 * @return eight hexadecimal digits
	 */
	static String of(CacheKey key, String namespace, @Nullable Instant expiresAt, List<CachedResponse> responses) {
		EntryChecksum checksum = new EntryChecksum();
		checksum.add(key.fingerprint());
		checksum.add(namespace);
		checksum.add((expiresAt != null) ? Long.valueOf(expiresAt.toEpochMilli()) : null);
		checksum.add(responses.size());
		for (CachedResponse response : responses) {
			checksum.add(response.createdAt().toEpochMilli());
			checksum.add(response.duration().toMillis());
			checksum.add(response.samples());
			checksum.add(response.inputTokens());
			checksum.add(response.outputTokens());
			checksum.add(response.costNanos());
			checksum.add(response.finishReason());
			checksum.add(response.requestId());
			checksum.add(response.body());
		}
		return checksum.digits();
	}

	/**
	 * Return the checksum of what was asked.
	 * @param request the request
	 * @return eight hexadecimal digits
	 */
	static String of(RequestRecord request) {
		EntryChecksum checksum = new EntryChecksum();
		checksum.add(request.hashes().parameters());
		checksum.add(request.hashes().messages());
		checksum.add(request.hashes().sketch());
		checksum.add(request.json());
		return checksum.digits();
	}

	private void add(long number) {
		for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
			this.checksum.update((int) (number >> shift));
		}
	}

	private void add(@Nullable Long number) {
		this.checksum.update((number != null) ? 1 : 0);
		if (number != null) {
			add(number.longValue());
		}
	}

	private void add(@Nullable String string) {
		this.checksum.update((string != null) ? 1 : 0);
		if (string != null) {
			add((long) string.length());
			for (int i = 0; i < string.length(); i++) {
				this.checksum.update(string.charAt(i) >> Byte.SIZE);
				this.checksum.update(string.charAt(i));
			}
		}
	}

	private void add(byte[] bytes) {
		add((long) bytes.length);
		this.checksum.update(bytes);
	}

	private String digits() {
		return HexFormat.of().toHexDigits((int) this.checksum.getValue());
	}

}
