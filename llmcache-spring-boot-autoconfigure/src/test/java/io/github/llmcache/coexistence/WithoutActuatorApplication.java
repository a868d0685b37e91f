package io.github.llmcache.coexistence;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has Micrometer but no Actuator.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class WithoutActuatorApplication {

	public static void main(String[] args) {
		Scenario.run(WithoutActuatorApplication.class, args[0], (fixture) -> {
			assertThat(ClassUtils.isPresent("org.springframework.boot.actuate.endpoint.annotation.Endpoint", null))
				.isFalse();
			assertThat(fixture.context().containsBean("llmCacheEndpoint")).isFalse();
			assertThat(fixture.context().containsBean("llmCacheHealthIndicator")).isFalse();
		});
	}

}
