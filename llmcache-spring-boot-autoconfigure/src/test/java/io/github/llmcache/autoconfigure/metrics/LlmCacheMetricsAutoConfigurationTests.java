package io.github.llmcache.autoconfigure.metrics;

import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.inference.InferenceObserver;
import io.github.llmcache.metrics.LlmCacheMeterBinder;
import io.github.llmcache.metrics.LlmCacheTimers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmCacheMetricsAutoConfiguration}.
 */
class LlmCacheMetricsAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withBean(CacheManager.class, () -> Mockito.mock(CacheManager.class))
		.withConfiguration(AutoConfigurations.of(LlmCacheMetricsAutoConfiguration.class));

	@Test
	void thereAreMetersWithARegistry() {
		this.contextRunner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasSingleBean(LlmCacheMeterBinder.class)
				.hasSingleBean(LlmCacheTimers.class));
	}

	@Test
	void thereAreNoneWithoutOne() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(LlmCacheMeterBinder.class)
			.doesNotHaveBean(InferenceObserver.class));
	}

	@Test
	void anotherObserverIsToldAsWell() {
		this.contextRunner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withBean(InferenceObserver.class, () -> InferenceObserver.NONE)
			.run((context) -> assertThat(context).hasSingleBean(LlmCacheTimers.class));
	}

}
