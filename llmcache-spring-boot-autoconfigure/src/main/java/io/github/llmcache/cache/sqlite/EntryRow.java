package io.github.llmcache.cache.sqlite;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.RequestRecord;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is written, encoded already. The request needs the same dictionary as
 * the payload, which says which one that is.
 */
record EntryRow(CacheKey key, String namespace, List<CachedResponse> responses, @Nullable Instant expiresAt,
		byte[] payload, @Nullable RequestRow request, @Nullable CompressionDictionary dictionary) {

	static EntryRow of(CacheEntry entry, EntryCodec codec, @Nullable CompressionDictionary dictionary,
			boolean storeRequest) {
		RequestRecord request = entry.request();
		return new EntryRow(entry.key(), StoredText.encode(entry.namespace()), entry.responses(), entry.expiresAt(),
				codec.encode(entry.responses(), dictionary),
				(storeRequest && request != null && request.json().length <= codec.maxEntrySize())
						? RequestRow.of(request, codec, dictionary) : null,
				dictionary);
	}

	/**
	 * Return this row with other responses.
	 */
	EntryRow with(List<CachedResponse> responses, EntryCodec codec) {
		return new EntryRow(this.key, this.namespace, responses, this.expiresAt,
				codec.encode(responses, this.dictionary), this.request, this.dictionary);
	}

	CachedResponse first() {
		return this.responses.get(0);
	}

	int samples() {
		return this.responses.stream().mapToInt(CachedResponse::samples).sum();
	}

	long inputTokens() {
		return this.responses.stream().mapToLong(CachedResponse::inputTokens).sum();
	}

	long outputTokens() {
		return this.responses.stream().mapToLong(CachedResponse::outputTokens).sum();
	}

	/**
	 * Return the cost as far as it is known.
	 * @return the cost, or {@code null} if nothing of it is known
	 */
	@Nullable Long costNanos() {
		List<Long> costs = this.responses.stream().map(CachedResponse::costNanos).filter(Objects::nonNull).toList();
		return costs.isEmpty() ? null : costs.stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Return about how many bytes are written.
	 */
	long size() {
		long size = this.payload.length;
		if (this.request != null) {
			size += this.request.messageHashes().length + this.request.body().length;
		}
		return size;
	}

	record RequestRow(byte[] parametersHash, byte[] messageHashes, byte[] body) {

		static RequestRow of(RequestRecord request, EntryCodec codec, @Nullable CompressionDictionary dictionary) {
			return new RequestRow(request.parametersHash(), request.messageHashes(),
					codec.compress(request.json(), dictionary));
		}

	}

}
