package io.github.llmcache.metrics;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;

import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceParameters;
import io.github.llmcache.Usage;
import io.github.llmcache.inference.CallDescription;
import io.github.llmcache.inference.CallObservation;
import io.github.llmcache.inference.CallObservation.CallResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmCacheCallMeters}.
 */
class LlmCacheCallMetersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final LlmCacheCallMeters meters = new LlmCacheCallMeters(this.registry);

	@Test
	void callsAreActiveUntilTheyEndHowever() {
		CallObservation one = this.meters.callStarted(call("openai", "gpt"));
		CallObservation two = this.meters.callStarted(call("openai", "gpt"));
		this.meters.callStarted(call("anthropic", "claude"));
		assertThat(gauge("llmcache.provider.active", "openai")).isEqualTo(2);
		assertThat(gauge("llmcache.provider.active", "anthropic")).isOne();
		one.ended(null, new IllegalStateException());
		two.ended(result(10, 5), null);
		assertThat(gauge("llmcache.provider.active", "openai")).isZero();
	}

	@Test
	void callsThatWaitAreCounted() {
		this.meters.waitingChanged("openai", 1);
		this.meters.waitingChanged("openai", 1);
		this.meters.waitingChanged("openai", -1);
		assertThat(gauge("llmcache.provider.waiting", "openai")).isOne();
	}

	@Test
	void tokensAreCountedByType() {
		this.meters.callStarted(call("openai", "gpt")).ended(result(10, 5), null);
		this.meters.callStarted(call("openai", "gpt")).ended(result(10, 5), null);
		assertThat(tokens("gpt", "input")).isEqualTo(20);
		assertThat(tokens("gpt", "output")).isEqualTo(10);
	}

	@Test
	void modelsAreBounded() {
		IntStream.range(0, 10 * ModelTags.MAX_MODELS)
			.forEach((i) -> this.meters.callStarted(call("openai", "gpt-" + i)).ended(result(1, 1), null));
		assertThat(tokens("(other)", "input")).isEqualTo(9 * ModelTags.MAX_MODELS);
		assertThat(this.registry.find("llmcache.provider.tokens").counters()).hasSize(2 * (ModelTags.MAX_MODELS + 1));
	}

	private double gauge(String name, String provider) {
		return this.registry.get(name).tag("provider", provider).gauge().value();
	}

	private double tokens(String model, String type) {
		return this.registry.get("llmcache.provider.tokens")
			.tags("provider", "openai", "model", model, "type", type)
			.counter()
			.count();
	}

	private static CallDescription call(String provider, String model) {
		return new CallDescription(provider, URI.create("http://localhost"), "chat/completions", model,
				InferenceParameters.NONE, 1);
	}

	private static CallResult result(long input, long output) {
		return new CallResult(Usage.of(input, output), null, null, List.of(FinishReason.STOP));
	}

}
