package io.github.llmcache.cli;

import java.math.BigDecimal;

import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore.StoreSize;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a model and was counted of it, for programs. Money is in US dollars,
 * as far as prices are known.
 *
 * @param model the model's id, or {@code null} for all of them
 * @param entries the number of entries
 * @param bytes about the space that they take, in bytes
 * @param stored what the stored responses had cost
 * @param hits lookups that were answered
 * @param misses lookups that were not answered
 * @param hitRate hits by all lookups, or {@code null} if there were none
 * @param stale those of the misses whose entry could not be used
 * @param writes responses that were stored
 * @param errors lookups and writes that failed in the store
 * @param coalesced those of the misses that were answered together with an identical
 * request
 * @param spent what was paid to providers
 * @param saved what the replayed responses had cost
 * @param savedTokens the tokens of the replayed responses
 * @param unpricedCalls calls whose price is unknown, and which are missing in the sums
 * @param inputTokens the tokens of prompts that providers were asked
 * @param outputTokens the tokens that providers answered
 * @param evictions entries that were deleted to make room for others
 * @param expirations entries that were deleted because they had expired
 */
record ModelUse(@Nullable String model, long entries, long bytes, BigDecimal stored, long hits, long misses,
		@Nullable Double hitRate, long stale, long writes, long errors, long coalesced, BigDecimal spent,
		BigDecimal saved, long savedTokens, long unpricedCalls, long inputTokens, long outputTokens, long evictions,
		long expirations) {

	static ModelUse of(@Nullable String model, StoreSize size, ModelStatistics counted) {
		return new ModelUse(model, size.entries(), size.bytes(), CacheStatistics.dollars(size.costNanos()),
				counted.hits(), counted.misses(), hitRate(counted), counted.stale(), counted.writes(), counted.errors(),
				counted.coalesced(), CacheStatistics.dollars(counted.spentNanos()),
				CacheStatistics.dollars(counted.savedNanos()), counted.savedTokens(), counted.unpricedCalls(),
				counted.inputTokens(), counted.outputTokens(), counted.evictions(), counted.expirations());
	}

	static @Nullable Double hitRate(ModelStatistics counted) {
		long lookups = counted.hits() + counted.misses();
		return (lookups > 0) ? (double) counted.hits() / lookups : null;
	}

}
