package io.github.llmcache.cache;

import java.time.Instant;

import io.github.llmcache.cache.EntryDetails.Facts;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of an entry in one line.
 *
 * @param key the key
 * @param bytes about the space that it takes, in bytes
 * @param lastUsed when it was last used, as far as that was recorded
 * @param facts what else is known, or {@code null} if the entry cannot be read
 */
public record EntrySummary(CacheKey key, long bytes, Instant lastUsed, @Nullable Facts facts) {

	static EntrySummary of(EntryDetails details) {
		return new EntrySummary(details.key(), details.bytes(), details.lastUsed(), details.facts());
	}

}
