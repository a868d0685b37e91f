package io.github.llmcache.cli;

import java.math.BigDecimal;
import java.time.Instant;

import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.EntryDetails.Facts;
import io.github.llmcache.cache.EntrySummary;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is listed, for programs.
 *
 * @param key the key in hexadecimal
 * @param model the model's id
 * @param readable whether the entry can be read; if not, the rest is {@code null}
 * @param bytes about the space that it takes, in bytes
 * @param lastUsed when it was last used, as far as that was recorded
 * @param namespace the namespace
 * @param createdAt when the oldest response was made
 * @param expiresAt when it expires, or {@code null} for never
 * @param samples how many samples it holds
 * @param finishReason the first sample's finish reason
 * @param cost what it had cost, in US dollars, or {@code null} if that is not known
 */
record ListedEntry(String key, String model, boolean readable, long bytes, Instant lastUsed, @Nullable String namespace,
		@Nullable Instant createdAt, @Nullable Instant expiresAt, @Nullable Integer samples,
		@Nullable String finishReason, @Nullable BigDecimal cost) {

	static ListedEntry of(EntrySummary summary) {
		Facts facts = summary.facts();
		String key = summary.key().hex();
		String model = summary.key().model();
		if (facts == null) {
			return new ListedEntry(key, model, false, summary.bytes(), summary.lastUsed(), null, null, null, null, null,
					null);
		}
		Long cost = facts.costNanos();
		return new ListedEntry(key, model, true, summary.bytes(), summary.lastUsed(), facts.namespace(),
				facts.createdAt(), facts.expiresAt(), facts.samples(), facts.finishReason(),
				(cost != null) ? CacheStatistics.dollars(cost) : null);
	}

}
