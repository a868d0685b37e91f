package io.github.llmcache.inference;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.RateLimits;
import io.github.llmcache.provider.RateLimits.PerMinute;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RateLimiters}.
 */
class RateLimitersTests {

	private final RateLimiters limiters = new RateLimiters(Duration.ofMinutes(2), () -> 0);

	@Test
	void eachModelOfAProviderHasALimiter() {
		RateLimiter limiter = this.limiters.of(provider("openai"), "a");
		assertThat(this.limiters.of(provider("openai"), "a")).isSameAs(limiter);
		assertThat(this.limiters.of(provider("openai"), "b")).isNotSameAs(limiter);
		assertThat(this.limiters.of(provider("deepseek"), "a")).isNotSameAs(limiter);
	}

	@Test
	void limiterOfAModelThatIsInUseIsKept() {
		RateLimiter used = this.limiters.of(provider("openai"), "used");
		RateLimiter unused = this.limiters.of(provider("openai"), "unused");
		for (int i = 0; i < 2 * RateLimiters.MAX_LIMITERS; i++) {
			this.limiters.of(provider("openai"), "model-" + i);
			assertThat(this.limiters.of(provider("openai"), "used")).isSameAs(used);
		}
		assertThat(this.limiters.size()).isEqualTo(RateLimiters.MAX_LIMITERS);
		assertThat(this.limiters.of(provider("openai"), "unused")).isNotSameAs(unused);
	}

	private static ProviderDefinition provider(String name) {
		return ProviderDefinition.builder(name, List.of(new OpenAiChatProtocol()))
			.limits(new RateLimits(new PerMinute(1, 1), Map.of(), 1))
			.build();
	}

}
