package io.github.llmcache.autoconfigure.health;

import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;

import io.github.llmcache.CacheMode;
import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.autoconfigure.LlmCacheProperties;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Backend;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.health.HealthSettings;
import io.github.llmcache.health.LlmCacheHealthIndicator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link LlmCacheHealthIndicator}.
 */
@AutoConfiguration(after = LlmCacheAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(CacheManager.class)
@ConditionalOnEnabledHealthIndicator("llmcache")
@EnableConfigurationProperties(LlmCacheProperties.class)
public final class LlmCacheHealthContributorAutoConfiguration {

	private static final Set<CacheMode> WRITING = EnumSet.of(CacheMode.READ_WRITE, CacheMode.REFRESH);

	@Bean
	@ConditionalOnMissingBean(name = "llmCacheHealthIndicator")
	LlmCacheHealthIndicator llmCacheHealthIndicator(CacheManager cacheManager, LlmCacheProperties properties) {
		// A Redis that evicts is full as a rule, and one that does not says so when it is
		// written to
		long threshold = (properties.backend() != Backend.REDIS) ? properties.health().diskSpaceThreshold().toBytes()
				: 0;
		return new LlmCacheHealthIndicator(cacheManager,
				new HealthSettings(WRITING.contains(properties.mode()), threshold, Clock.systemUTC()));
	}

}
