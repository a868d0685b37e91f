package io.github.llmcache.autoconfigure.health;

import java.time.Instant;
import java.util.Objects;

import io.github.llmcache.cache.CacheHealth;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.StoreStatus;
import io.github.llmcache.health.LlmCacheHealthIndicator;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmCacheHealthContributorAutoConfiguration}.
 */
class LlmCacheHealthContributorAutoConfigurationTests {

	private final CacheManager cacheManager = Mockito.mock(CacheManager.class);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withBean(CacheManager.class, () -> this.cacheManager)
		.withConfiguration(AutoConfigurations.of(LlmCacheHealthContributorAutoConfiguration.class));

	@Test
	void cacheThatFailsIsDownWithTheReason() {
		BDDMockito.given(this.cacheManager.backend()).willReturn("sqlite");
		BDDMockito.given(this.cacheManager.health())
			.willReturn(new CacheHealth("The disk is full", Instant.EPOCH), CacheHealth.UP);
		this.contextRunner.run((context) -> {
			LlmCacheHealthIndicator indicator = context.getBean(LlmCacheHealthIndicator.class);
			Health down = indicator.health();
			assertThat(down).isNotNull();
			assertThat(down.getStatus()).isEqualTo(Status.DOWN);
			assertThat(down.getDetails()).containsEntry("failure", "The disk is full")
				.containsEntry("since", Instant.EPOCH)
				.containsEntry("backend", "sqlite");
			assertThat(indicator.health()).extracting(Health::getStatus).isEqualTo(Status.UP);
		});
	}

	@Test
	void thresholdAndModeAreThoseOfTheProperties() {
		BDDMockito.given(this.cacheManager.backend()).willReturn("sqlite");
		BDDMockito.given(this.cacheManager.health()).willReturn(CacheHealth.UP);
		BDDMockito.given(this.cacheManager.status())
			.willReturn(new StoreStatus(null, null, "SQLite 3.51.0, schema 3", 20_000_000L));
		this.contextRunner.run((context) -> assertThat(status(context)).isEqualTo(Status.UP));
		this.contextRunner.withPropertyValues("llmcache.health.disk-space-threshold=30MB").run((context) -> {
			assertThat(status(context)).isEqualTo(Status.DOWN);
			assertThat(Objects.requireNonNull(context.getBean(LlmCacheHealthIndicator.class).health()).getDetails())
				.containsEntry("threshold", 30L * 1024 * 1024);
		});
		this.contextRunner.withPropertyValues("llmcache.health.disk-space-threshold=30MB", "llmcache.mode=replay")
			.run((context) -> assertThat(status(context)).isEqualTo(Status.UP));
		this.contextRunner.withPropertyValues("llmcache.health.disk-space-threshold=30MB", "llmcache.backend=redis")
			.run((context) -> assertThat(status(context)).isEqualTo(Status.UP));
		this.contextRunner.withPropertyValues("llmcache.health.disk-space-threshold=-1B")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("llmcache.health.disk-space-threshold"));
	}

	private static Status status(AssertableApplicationContext context) {
		return Objects.requireNonNull(context.getBean(LlmCacheHealthIndicator.class).health()).getStatus();
	}

	@Test
	void canBeDisabled() {
		this.contextRunner.withPropertyValues("management.health.llmcache.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(LlmCacheHealthIndicator.class));
	}

}
