package io.github.llmcache.autoconfigure.health;

import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.health.LlmCacheHealthIndicator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
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
public final class LlmCacheHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "llmCacheHealthIndicator")
	LlmCacheHealthIndicator llmCacheHealthIndicator(CacheManager cacheManager) {
		return new LlmCacheHealthIndicator(cacheManager);
	}

}
