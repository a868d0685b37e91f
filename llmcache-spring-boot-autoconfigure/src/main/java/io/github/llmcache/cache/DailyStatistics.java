package io.github.llmcache.cache;

import java.time.LocalDate;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;

/**
 * What was counted of a model on one day, by all processes that used the store.
 *
 * @param model the model's id
 * @param day the day in UTC
 * @param counters the counters
 */
public record DailyStatistics(String model, LocalDate day, ModelStatistics counters) {
}
