package io.github.llmcache.autoconfigure.metrics;

import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.metrics.LlmCacheMeterBinder;
import io.github.llmcache.metrics.LlmCacheTimers;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link LlmCacheMeterBinder} and
 * {@link LlmCacheTimers}.
 */
@AutoConfiguration(after = LlmCacheAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, CacheManager.class })
public final class LlmCacheMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LlmCacheMeterBinder llmCacheMeterBinder(CacheManager cacheManager) {
		return new LlmCacheMeterBinder(cacheManager);
	}

	@Bean
	@ConditionalOnMissingBean
	LlmCacheTimers llmCacheTimers(MeterRegistry registry) {
		return new LlmCacheTimers(registry);
	}

}
