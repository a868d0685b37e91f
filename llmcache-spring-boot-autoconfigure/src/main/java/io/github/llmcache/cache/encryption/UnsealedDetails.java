package io.github.llmcache.cache.encryption;

import java.time.Instant;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.EntryDetails;
import io.github.llmcache.cache.RequestHashes;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of an encrypted entry, decrypted as far as it is asked for.
 *
 * @param stored what the store says of it
 * @param key the entry's key
 * @param seal decrypts the rest
 */
record UnsealedDetails(EntryDetails stored, CacheKey key, EntrySeal seal) implements EntryDetails {

	@Override
	public long bytes() {
		return this.stored.bytes();
	}

	@Override
	public Instant lastUsed() {
		return this.stored.lastUsed();
	}

	@Override
	public @Nullable Facts facts() {
		return this.stored.facts();
	}

	@Override
	public @Nullable RequestHashes hashes() {
		RequestHashes hashes = this.stored.hashes();
		return (hashes != null) ? this.seal.crypt(hashes, this.stored.key().toBytes()) : null;
	}

}
