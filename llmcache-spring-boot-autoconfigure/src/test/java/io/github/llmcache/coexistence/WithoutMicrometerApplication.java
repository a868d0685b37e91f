package io.github.llmcache.coexistence;

import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has the Actuator but no Micrometer.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class WithoutMicrometerApplication {

	public static void main(String[] args) {
		Scenario.run(WithoutMicrometerApplication.class, args[0], (fixture) -> {
			assertThat(ClassUtils.isPresent("io.micrometer.core.instrument.MeterRegistry", null)).isFalse();
			assertThat(fixture.context().containsBean("llmCacheMeterBinder")).isFalse();
			LlmCacheEndpoint endpoint = fixture.bean(LlmCacheEndpoint.class);
			assertThat(endpoint.cache().total().hits()).isOne();
		}, "management.endpoints.jmx.exposure.include=llmcache", "spring.jmx.enabled=true");
	}

}
