package io.github.llmcache.cache.redis;

import java.time.Instant;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.EntryDetails;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.redis.EntryValue.Head;
import org.jspecify.annotations.Nullable;

/**
 * The details of an entry, most of which it says itself before its parts.
 *
 * @param key the key
 * @param bytes what the entry takes with its request
 * @param head how it begins, or {@code null} if that cannot be read
 * @param requests the requests of this entry and others
 * @param index the place of the entry's own among them
 */
record RedisEntryDetails(CacheKey key, long bytes, @Nullable Head head, RequestPage requests,
		int index) implements EntryDetails {

	@Override
	public Instant lastUsed() {
		return (this.head != null) ? Instant.ofEpochMilli(this.head.lastUsed()) : Instant.EPOCH;
	}

	@Override
	public @Nullable Facts facts() {
		return (this.head != null) ? this.head.facts() : null;
	}

	@Override
	public @Nullable RequestHashes hashes() {
		return this.requests.hashes(this.index);
	}

}
