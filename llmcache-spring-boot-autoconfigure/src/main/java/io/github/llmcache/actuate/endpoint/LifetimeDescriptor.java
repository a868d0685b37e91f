package io.github.llmcache.actuate.endpoint;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint.ModelDescriptor;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.DailyStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Description of what has been counted as long as there has been the cache, by all
 * processes that use it.
 *
 * @param since the first day on which anything was counted, in UTC, or {@code null} if
 * nothing was
 * @param failure why it is not known what has been counted, or {@code null} if it is
 * known
 * @param total the sum over all models, or {@code null} if it is not known
 * @param models the same for each model by its id
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record LifetimeDescriptor(@Nullable LocalDate since, @Nullable String failure, @Nullable ModelDescriptor total,
		Map<String, ModelDescriptor> models) {

	static LifetimeDescriptor of(Supplier<List<DailyStatistics>> statistics) {
		try {
			return of(statistics.get());
		}
		catch (CacheStoreException ex) {
			return new LifetimeDescriptor(null, ex.getMessage(), null, Map.of());
		}
	}

	private static LifetimeDescriptor of(List<DailyStatistics> days) {
		Map<String, ModelStatistics> sums = new TreeMap<>();
		days.forEach((day) -> sums.merge(day.model(), day.counters(), ModelStatistics::plus));
		Map<String, ModelDescriptor> models = new TreeMap<>();
		sums.forEach((model, statistics) -> models.put(model, ModelDescriptor.of(statistics, null)));
		ModelStatistics total = sums.values().stream().reduce(ModelStatistics.NONE, ModelStatistics::plus);
		return new LifetimeDescriptor(days.stream().map(DailyStatistics::day).min(LocalDate::compareTo).orElse(null),
				null, ModelDescriptor.of(total, null), models);
	}

}
