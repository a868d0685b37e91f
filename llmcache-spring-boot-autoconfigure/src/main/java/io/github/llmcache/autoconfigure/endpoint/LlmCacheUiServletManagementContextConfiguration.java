package io.github.llmcache.autoconfigure.endpoint;

import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint;
import jakarta.servlet.Filter;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link ManagementContextConfiguration @ManagementContextConfiguration} of the page's
 * headers in applications with Spring MVC.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ DispatcherServletPath.class, Filter.class })
@ConditionalOnBooleanProperty("llmcache.ui.enabled")
@ConditionalOnAvailableEndpoint(endpoint = LlmCacheEndpoint.class, exposure = EndpointExposure.WEB)
class LlmCacheUiServletManagementContextConfiguration {

	@Bean
	FilterRegistrationBean<UiHeadersFilter> llmCacheUiHeadersFilter(WebEndpointProperties properties,
			ApplicationContext context) {
		FilterRegistrationBean<UiHeadersFilter> registration = new FilterRegistrationBean<>(new UiHeadersFilter());
		String path = UiHeaders.path(properties, context.getBeanProvider(PathMapper.class).orderedStream().toList());
		// Not injected: on a port of its own there are two of them, and this is the own
		// one
		DispatcherServletPath servlet = context.getBeanProvider(DispatcherServletPath.class).getIfUnique();
		registration.addUrlPatterns(((servlet != null) ? servlet.getRelativePath(path) : path) + "/*");
		return registration;
	}

}
