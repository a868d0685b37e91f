package io.github.llmcache.autoconfigure.endpoint;

import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;

/**
 * {@link ManagementContextConfiguration @ManagementContextConfiguration} of the page's
 * headers in applications with Spring WebFlux.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnClass(Mono.class)
@ConditionalOnBooleanProperty("llmcache.ui.enabled")
@ConditionalOnAvailableEndpoint(endpoint = LlmCacheEndpoint.class, exposure = EndpointExposure.WEB)
class LlmCacheUiReactiveManagementContextConfiguration {

	@Bean
	UiHeadersWebFilter llmCacheUiHeadersFilter(WebEndpointProperties properties,
			ObjectProvider<PathMapper> pathMappers) {
		return new UiHeadersWebFilter(UiHeaders.path(properties, pathMappers.orderedStream().toList()));
	}

}
