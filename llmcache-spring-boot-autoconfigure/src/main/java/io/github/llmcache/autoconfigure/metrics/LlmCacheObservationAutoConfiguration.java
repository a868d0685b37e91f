package io.github.llmcache.autoconfigure.metrics;

import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.metrics.CallObservationConvention;
import io.github.llmcache.metrics.LlmCacheObservations;
import io.github.llmcache.metrics.LookupObservationConvention;
import io.github.llmcache.metrics.RequestObservationConvention;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link LlmCacheObservations}.
 */
@AutoConfiguration(after = LlmCacheAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ ObservationRegistry.class, CacheManager.class })
public final class LlmCacheObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LlmCacheObservations llmCacheObservations(ObservationRegistry registry,
			ObjectProvider<RequestObservationConvention> requests, ObjectProvider<LookupObservationConvention> lookups,
			ObjectProvider<CallObservationConvention> calls) {
		return new LlmCacheObservations(registry, requests.getIfAvailable(), lookups.getIfAvailable(),
				calls.getIfAvailable());
	}

}
