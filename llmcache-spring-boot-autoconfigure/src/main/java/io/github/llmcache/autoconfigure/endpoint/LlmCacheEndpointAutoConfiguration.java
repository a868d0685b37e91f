package io.github.llmcache.autoconfigure.endpoint;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.actuate.endpoint.ExplainOperation;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpointWebExtension;
import io.github.llmcache.actuate.endpoint.LlmCacheUi;
import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.autoconfigure.LlmCacheProperties;
import io.github.llmcache.cache.CacheManager;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link LlmCacheEndpoint}.
 */
@AutoConfiguration(after = LlmCacheAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(LlmCacheEndpoint.class)
@ConditionalOnBean(CacheManager.class)
@Import(LlmCacheUiConfiguration.class)
public final class LlmCacheEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LlmCacheEndpoint llmCacheEndpoint(CacheManager cacheManager) {
		return new LlmCacheEndpoint(cacheManager);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(LlmCacheEndpoint.class)
	@Conditional(OnWebOperation.class)
	@ConditionalOnAvailableEndpoint(endpoint = LlmCacheEndpoint.class, exposure = EndpointExposure.WEB)
	LlmCacheEndpointWebExtension llmCacheEndpointWebExtension(LlmCacheEndpoint endpoint,
			ObjectProvider<InferenceApi> inferenceApi, ObjectProvider<LlmCacheUi> ui, LlmCacheProperties properties) {
		InferenceApi explainer = properties.explain().endpoint() ? inferenceApi.getIfAvailable() : null;
		return new LlmCacheEndpointWebExtension(endpoint,
				(explainer != null) ? new ExplainOperation(explainer, properties.explain().showValues()) : null,
				ui.getIfAvailable());
	}

	/**
	 * Matches if there is anything over HTTP that the endpoint itself does not have.
	 */
	static class OnWebOperation extends AnyNestedCondition {

		OnWebOperation() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(InferenceApi.class)
		@ConditionalOnBooleanProperty("llmcache.explain.endpoint")
		static class Explain {

		}

		@ConditionalOnBean(LlmCacheUi.class)
		static class Ui {

		}

	}

}
