package io.github.llmcache.cli;

import java.math.BigDecimal;
import java.time.LocalDate;

import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What was counted on one day, for programs. Money is in US dollars.
 *
 * @param day the day in UTC
 * @param hits lookups that were answered
 * @param misses lookups that were not answered
 * @param hitRate hits by all lookups, or {@code null} if there were none
 * @param writes responses that were stored
 * @param spent what was paid to providers
 * @param saved what the replayed responses had cost
 */
record DayUse(LocalDate day, long hits, long misses, @Nullable Double hitRate, long writes, BigDecimal spent,
		BigDecimal saved) {

	static DayUse of(LocalDate day, ModelStatistics counted) {
		return new DayUse(day, counted.hits(), counted.misses(), ModelUse.hitRate(counted), counted.writes(),
				CacheStatistics.dollars(counted.spentNanos()), CacheStatistics.dollars(counted.savedNanos()));
	}

}
