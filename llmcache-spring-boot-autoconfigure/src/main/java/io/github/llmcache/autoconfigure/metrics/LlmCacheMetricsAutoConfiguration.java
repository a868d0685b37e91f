package io.github.llmcache.autoconfigure.metrics;

import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.SharedCacheStore;
import io.github.llmcache.metrics.DefaultLookupObservationConvention;
import io.github.llmcache.metrics.DefaultRequestObservationConvention;
import io.github.llmcache.metrics.LlmCacheBreakerMeterBinder;
import io.github.llmcache.metrics.LlmCacheCallMeters;
import io.github.llmcache.metrics.LlmCacheLookupMeters;
import io.github.llmcache.metrics.LlmCacheMeterBinder;
import io.github.llmcache.metrics.LlmCacheSizeMeterBinder;
import io.github.llmcache.metrics.LlmCacheTimers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the meters.
 */
@AutoConfiguration(after = LlmCacheAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, CacheManager.class })
public final class LlmCacheMetricsAutoConfiguration {

	private static final Set<String> OBSERVED = Stream
		.of(DefaultRequestObservationConvention.NAME, DefaultLookupObservationConvention.NAME)
		.flatMap((name) -> Stream.of(name, name + ".active"))
		.collect(Collectors.toUnmodifiableSet());

	@Bean
	@ConditionalOnMissingBean
	LlmCacheMeterBinder llmCacheMeterBinder(CacheManager cacheManager) {
		return new LlmCacheMeterBinder(cacheManager);
	}

	@Bean
	@ConditionalOnMissingBean
	LlmCacheSizeMeterBinder llmCacheSizeMeterBinder(CacheManager cacheManager) {
		return new LlmCacheSizeMeterBinder(cacheManager, Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnSingleCandidate(SharedCacheStore.class)
	LlmCacheBreakerMeterBinder llmCacheBreakerMeterBinder(SharedCacheStore store) {
		return new LlmCacheBreakerMeterBinder(store);
	}

	@Bean
	@ConditionalOnMissingBean
	LlmCacheLookupMeters llmCacheLookupMeters(MeterRegistry registry) {
		return new LlmCacheLookupMeters(registry);
	}

	@Bean
	@ConditionalOnMissingBean
	LlmCacheCallMeters llmCacheCallMeters(MeterRegistry registry) {
		return new LlmCacheCallMeters(registry);
	}

	@Bean
	@ConditionalOnMissingBean
	LlmCacheTimers llmCacheTimers(MeterRegistry registry) {
		return new LlmCacheTimers(registry);
	}

	/**
	 * Observations of requests and lookups are there for traces: {@link LlmCacheTimers}
	 * and {@link LlmCacheLookupMeters} time the same.
	 */
	@Bean
	static MeterFilter llmCacheMeterFilter() {
		return MeterFilter.deny((id) -> OBSERVED.contains(id.getName()));
	}

}
