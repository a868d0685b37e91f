package io.github.llmcache.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderError;
import io.github.llmcache.ProviderException;
import io.github.llmcache.ProviderTimeoutException;
import io.github.llmcache.ProviderUnavailableException;
import io.github.llmcache.QuotaExceededException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.RawBody;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmCacheTimers}.
 */
class LlmCacheTimersTests {

	private static final Duration DURATION = Duration.ofMillis(20);

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final LlmCacheTimers timers = new LlmCacheTimers(this.registry);

	@ParameterizedTest
	@EnumSource(Source.class)
	void requestsAreTimedByModelAndResult(Source source) {
		ended("gpt", source, DURATION);
		ended("gpt", source, DURATION);
		String result = switch (source) {
			case CACHE -> "hit";
			case PROVIDER -> "miss";
			case COALESCED -> "coalesced";
		};
		assertThat(this.registry.get("llmcache.requests")
			.tags("model", "gpt", "result", result)
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(40);
	}

	@Test
	void requestsThatFailAreTimedApart() {
		ended("gpt", Source.PROVIDER, DURATION);
		ended("gpt", null, DURATION);
		assertThat(this.registry.get("llmcache.requests").tags("model", "gpt", "result", "failed").timer().count())
			.isOne();
	}

	@ParameterizedTest
	@MethodSource
	void callsAreTimedByOutcome(ProviderException failure, String outcome) {
		this.timers.callEnded("openai", "gpt", failure, DURATION);
		assertThat(callCount(outcome)).isOne();
	}

	static Stream<Arguments> callsAreTimedByOutcome() {
		ProviderError error = ProviderError.of("openai", "secret words");
		return Stream.of(Arguments.of(new RateLimitException(error, null), "rate_limited"),
				Arguments.of(new OverloadedException(error, null), "overloaded"),
				Arguments.of(new QuotaExceededException(error, null), "quota_exceeded"),
				Arguments.of(new ProviderTimeoutException(error, null), "timeout"),
				Arguments.of(new ProviderUnavailableException(error, null), "unavailable"),
				Arguments.of(new MalformedResponseException(error, null), "malformed"),
				Arguments.of(new InvalidRequestException(error, null), "invalid_request"),
				Arguments.of(new AuthenticationException(error, null), "unauthenticated"),
				Arguments.of(new ProviderException(error, null), "error"));
	}

	@Test
	void callsThatSucceedOrAreCancelledOrFailUnexpectedlyAreTimed() {
		this.timers.callEnded("openai", "gpt", null, DURATION);
		this.timers.callEnded("openai", "gpt", new InferenceCancelledException("cancelled", null), DURATION);
		this.timers.callEnded("openai", "gpt", new StackOverflowError(), DURATION);
		assertThat(callCount("success")).isOne();
		assertThat(callCount("cancelled")).isOne();
		assertThat(callCount("error")).isOne();
	}

	@Test
	void modelsAreBounded() {
		IntStream.range(0, 10 * ModelTags.MAX_MODELS)
			.forEach((i) -> this.timers.callEnded("openai", "gpt-" + i, null, DURATION));
		assertThat(this.registry.find("llmcache.provider.calls").timers()).hasSize(ModelTags.MAX_MODELS + 1);
		assertThat(this.registry.get("llmcache.provider.calls").tags("model", "(other)").timer().count())
			.isEqualTo(9 * ModelTags.MAX_MODELS);
		assertThat(this.registry.get("llmcache.provider.calls").tags("model", "gpt-7").timer().count()).isOne();
	}

	@Test
	void modelsThatWereNeverAskedTakeNobodysPlace() {
		IntStream.range(0, 10 * ModelTags.MAX_MODELS).forEach((i) -> ended("nonsense-" + i, null, DURATION));
		ended("gpt", Source.CACHE, DURATION);
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getTag("model"))
			.containsExactlyInAnyOrder("(other)", "gpt");
	}

	@Test
	void filterThatFailsIsNotNoticed() {
		this.registry.config().meterFilter(new MeterFilter() {

			@Override
			public Meter.Id map(Meter.Id id) {
				throw new IllegalStateException("filter");
			}

		});
		ended("gpt", Source.CACHE, DURATION);
		assertThat(this.registry.getMeters()).isEmpty();
	}

	private long callCount(String outcome) {
		return this.registry.get("llmcache.provider.calls")
			.tags("provider", "openai", "model", "gpt", "outcome", outcome)
			.timer()
			.count();
	}

	private void ended(String model, @Nullable Source source, Duration duration) {
		InferenceResponse response = (source != null) ? response(model, source) : null;
		this.timers.requestEnded(InferenceRequest.builder(model).user("?").build(), response, duration);
	}

	private static InferenceResponse response(String model, Source source) {
		Sample sample = new Sample(ChatMessage.assistant("!"), FinishReason.STOP, null, null);
		return new InferenceResponse("openai", model, source, List.of(sample), Usage.NONE, null, null, RawBody.of("{}"),
				null, Instant.EPOCH, DURATION, DURATION, List.of());
	}

}
