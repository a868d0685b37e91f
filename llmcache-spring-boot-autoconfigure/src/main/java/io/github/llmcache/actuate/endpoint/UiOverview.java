package io.github.llmcache.actuate.endpoint;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint.CacheDescriptor;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint.ModelDescriptor;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStoreException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the page shows of the cache as a whole. Thread-safe.
 */
public final class UiOverview {

	/** A little more than the page plots, so that these do not become ever more. */
	private static final int MOST_DAYS = 400;

	private final LlmCacheEndpoint endpoint;

	private final CacheManager cacheManager;

	private final UiCapabilities capabilities;

	private final InstantSource clock;

	/**
	 * Create the overview.
	 * @param endpoint describes the cache
	 * @param cacheManager the cache
	 * @param capabilities what the page may do
	 * @param clock the clock
	 */
	public UiOverview(LlmCacheEndpoint endpoint, CacheManager cacheManager, UiCapabilities capabilities,
			InstantSource clock) {
		this.endpoint = endpoint;
		this.cacheManager = cacheManager;
		this.capabilities = capabilities;
		this.clock = clock;
	}

	OverviewDescriptor describe() {
		CacheDescriptor cache = this.endpoint.cache();
		return new OverviewDescriptor(cache.backend(), cache.since(), this.clock.instant(), cache.failure(),
				this.capabilities, cache.total(), cache.models(), cache.lifetime(), days());
	}

	/**
	 * Days are missing if they cannot be read; that is said by the lifetime.
	 */
	private List<DayDescriptor> days() {
		try {
			LocalDate first = LocalDate.ofInstant(this.clock.instant(), ZoneOffset.UTC).minusDays(MOST_DAYS);
			Map<LocalDate, Map<String, ModelStatistics>> days = new TreeMap<>();
			this.cacheManager.lifetimeStatistics()
				.stream()
				.filter((statistics) -> statistics.day().isAfter(first))
				.forEach((statistics) -> days.computeIfAbsent(statistics.day(), (day) -> new TreeMap<>())
					.merge(statistics.model(), statistics.counters(), ModelStatistics::plus));
			List<DayDescriptor> descriptors = new ArrayList<>();
			days.forEach((day, models) -> models
				.forEach((model, counters) -> descriptors.add(DayDescriptor.of(day, model, counters))));
			return descriptors;
		}
		catch (CacheStoreException ex) {
			return List.of();
		}
	}

	/**
	 * What the page may do.
	 *
	 * @param content whether it shows prompts and answers
	 * @param explain whether it explains misses
	 * @param values whether explanations show the parts of prompts that differ
	 * @param deletion whether it deletes entries
	 */
	public record UiCapabilities(boolean content, boolean explain, boolean values, boolean deletion) {
	}

	/**
	 * Description of the cache for the page.
	 *
	 * @param backend the name of the backend
	 * @param since when counting began
	 * @param now the time
	 * @param failure why it is not known what is stored, or {@code null} if it is known
	 * @param capabilities what the page may do
	 * @param total the sum over all models since then
	 * @param models the same for each model by its id
	 * @param lifetime what has been counted by all processes
	 * @param days the same for each of the last 400 days and model, sorted by them; empty
	 * if it is not known
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record OverviewDescriptor(String backend, Instant since, Instant now, @Nullable String failure,
			UiCapabilities capabilities, ModelDescriptor total, Map<String, ModelDescriptor> models,
			LifetimeDescriptor lifetime, List<DayDescriptor> days) implements OperationResponseBody {
	}

	/**
	 * Description of what was counted of a model on one day. Money is in US dollars, as
	 * far as prices are known.
	 *
	 * @param day the day in UTC
	 * @param model the model's id
	 * @param hits lookups that were answered
	 * @param misses lookups that were not answered
	 * @param writes responses that were stored
	 * @param saved what the replayed responses had cost
	 * @param spent what was paid to providers
	 */
	public record DayDescriptor(LocalDate day, String model, long hits, long misses, long writes, BigDecimal saved,
			BigDecimal spent) {

		private static DayDescriptor of(LocalDate day, String model, ModelStatistics counters) {
			return new DayDescriptor(day, model, counters.hits(), counters.misses(), counters.writes(),
					CacheStatistics.dollars(counters.savedNanos()), CacheStatistics.dollars(counters.spentNanos()));
		}

	}

}
