package io.github.llmcache.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderTimeoutException;
import io.github.llmcache.ProviderUnavailableException;
import io.github.llmcache.QuotaExceededException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.inference.InferenceObserver;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Times requests ({@code llmcache.requests}) and the attempts of calls of providers
 * ({@code llmcache.provider.calls}) by model. Tags are bounded: models beyond the first
 * 100 are {@code (other)}, and so are those of requests that failed before their model
 * was ever asked. Thread-safe.
 */
public class LlmCacheTimers implements InferenceObserver {

	private static final Map<Class<?>, String> OUTCOMES = Map.of(RateLimitException.class, "rate_limited",
			OverloadedException.class, "overloaded", QuotaExceededException.class, "quota_exceeded",
			ProviderTimeoutException.class, "timeout", ProviderUnavailableException.class, "unavailable",
			MalformedResponseException.class, "malformed", InvalidRequestException.class, "invalid_request",
			AuthenticationException.class, "unauthenticated", InferenceCancelledException.class, "cancelled");

	/**
	 * Boundaries as the OpenTelemetry conventions advise them for calls of models.
	 * @see <a href=
	 * "https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">Semantic
	 * conventions</a>
	 */
	private static final Duration[] BUCKETS = IntStream
		.iterate(10, (millis) -> millis <= 81_920, (millis) -> 2 * millis)
		.mapToObj(Duration::ofMillis)
		.toArray(Duration[]::new);

	private final ModelTags models = new ModelTags();

	private final MeterProvider<Timer> requests;

	private final MeterProvider<Timer> calls;

	/**
	 * Create the timers.
	 * @param registry where they are registered once there is something to time
	 */
	public LlmCacheTimers(MeterRegistry registry) {
		this.requests = Timer.builder("llmcache.requests")
			.description("How long requests took, from the cache or not")
			.withRegistry(registry);
		this.calls = Timer.builder("llmcache.provider.calls")
			.description("How long the attempts of calls of providers took")
			.serviceLevelObjectives(BUCKETS)
			.withRegistry(registry);
	}

	@Override
	public void requestEnded(InferenceRequest request, @Nullable InferenceResponse response, Duration duration) {
		Source source = (response != null) ? response.source() : null;
		String tag = (source != null) ? this.models.add(request.model()) : this.models.find(request.model());
		record(this.requests, Tags.of("model", tag, "result", result(source)), duration);
	}

	@Override
	public void callEnded(String provider, String model, @Nullable Throwable failure, Duration duration) {
		record(this.calls, Tags.of("provider", provider, "model", this.models.add(model), "outcome", outcome(failure)),
				duration);
	}

	private static void record(MeterProvider<Timer> timers, Tags tags, Duration duration) {
		try {
			timers.withTags(tags).record(duration);
		}
		catch (RuntimeException ex) {
			// Of a filter or another meter of this name, and no reason to lose an answer
		}
	}

	static String result(@Nullable Source source) {
		if (source == null) {
			return "failed";
		}
		return switch (source) {
			case CACHE -> "hit";
			case PROVIDER -> "miss";
			case COALESCED -> "coalesced";
		};
	}

	static String outcome(@Nullable Throwable failure) {
		return (failure != null) ? OUTCOMES.getOrDefault(failure.getClass(), "error") : "success";
	}

}
