package io.github.llmcache.cache.sqlite;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is written, encoded already. The request needs the same dictionary as
 * the payload, which says which one that is.
 */
record EntryRow(CacheEntry entry, byte[] payload, @Nullable RequestRow request,
		@Nullable CompressionDictionary dictionary) {

	/**
	 * About how many bytes an entry takes besides what is in it: its key, details and
	 * places in indexes. The migration to version 3 has the same.
	 */
	private static final int OVERHEAD = 200;

	static EntryRow of(CacheEntry entry, EntryCodec codec, @Nullable CompressionDictionary dictionary,
			boolean storeRequest) {
		RequestRecord request = entry.request();
		return new EntryRow(entry, codec.encode(entry, dictionary),
				(storeRequest && request != null && request.json().length <= codec.maxEntrySize())
						? RequestRow.of(request, codec, dictionary) : null,
				dictionary);
	}

	/**
	 * Return this row with other responses and another time of expiry.
	 */
	EntryRow with(List<CachedResponse> responses, @Nullable Instant expiresAt, EntryCodec codec) {
		CacheEntry changed = new CacheEntry(this.entry.key(), this.entry.namespace(), responses, expiresAt,
				this.entry.request());
		return new EntryRow(changed, codec.encode(changed, this.dictionary), this.request, this.dictionary);
	}

	CacheKey key() {
		return this.entry.key();
	}

	List<CachedResponse> responses() {
		return this.entry.responses();
	}

	CachedResponse first() {
		return responses().get(0);
	}

	/**
	 * Return when the newest response was made.
	 */
	Instant newestAt() {
		return responses().stream()
			.map(CachedResponse::createdAt)
			.max(Comparator.naturalOrder())
			.orElseGet(this.entry::createdAt);
	}

	/**
	 * Return the cost as far as it is known.
	 * @return the cost, or {@code null} if nothing of it is known
	 */
	@Nullable Long costNanos() {
		List<Long> costs = responses().stream().map(CachedResponse::costNanos).filter(Objects::nonNull).toList();
		return costs.isEmpty() ? null : costs.stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Return about how many bytes are written.
	 */
	long size() {
		long size = this.payload.length;
		if (this.request != null) {
			size += this.request.hashes().messages().length + this.request.body().length;
		}
		return size;
	}

	/**
	 * Return about how many bytes the entry takes in the file.
	 */
	long bytes() {
		return OVERHEAD + size();
	}

	record RequestRow(RequestHashes hashes, byte[] body) {

		static RequestRow of(RequestRecord request, EntryCodec codec, @Nullable CompressionDictionary dictionary) {
			return new RequestRow(request.hashes(), codec.compress(request.json(), dictionary));
		}

	}

}
