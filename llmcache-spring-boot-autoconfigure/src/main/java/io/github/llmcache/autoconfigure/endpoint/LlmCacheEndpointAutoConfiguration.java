package io.github.llmcache.autoconfigure.endpoint;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpointWebExtension;
import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.autoconfigure.LlmCacheProperties;
import io.github.llmcache.cache.CacheManager;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link LlmCacheEndpoint}.
 */
@AutoConfiguration(after = LlmCacheAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(LlmCacheEndpoint.class)
@ConditionalOnBean(CacheManager.class)
public final class LlmCacheEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LlmCacheEndpoint llmCacheEndpoint(CacheManager cacheManager) {
		return new LlmCacheEndpoint(cacheManager);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean({ LlmCacheEndpoint.class, InferenceApi.class })
	@ConditionalOnBooleanProperty("llmcache.explain.endpoint")
	@ConditionalOnAvailableEndpoint(endpoint = LlmCacheEndpoint.class, exposure = EndpointExposure.WEB)
	LlmCacheEndpointWebExtension llmCacheEndpointWebExtension(InferenceApi inferenceApi,
			LlmCacheProperties properties) {
		return new LlmCacheEndpointWebExtension(inferenceApi, properties.explain().showValues());
	}

}
