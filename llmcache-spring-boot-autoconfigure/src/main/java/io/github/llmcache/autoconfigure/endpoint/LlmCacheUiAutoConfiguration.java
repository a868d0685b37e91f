package io.github.llmcache.autoconfigure.endpoint;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that says why the page is not there
 * although it is wanted.
 */
@AutoConfiguration(after = LlmCacheEndpointAutoConfiguration.class)
@ConditionalOnBooleanProperty("llmcache.ui.enabled")
@ConditionalOnMissingBean(type = "io.github.llmcache.actuate.endpoint.LlmCacheUi")
public final class LlmCacheUiAutoConfiguration {

	private static final Log logger = LogFactory.getLog(LlmCacheUiAutoConfiguration.class);

	@Bean
	SmartInitializingSingleton llmCacheUiMissing() {
		return () -> logger.warn("'llmcache.ui.enabled' is 'true', but the endpoint 'llmcache', which the page is part "
				+ "of, is not exposed. Add 'llmcache' to 'management.endpoints.web.exposure.include', and "
				+ "'spring-boot-starter-actuator' to the dependencies unless it is there");
	}

}
