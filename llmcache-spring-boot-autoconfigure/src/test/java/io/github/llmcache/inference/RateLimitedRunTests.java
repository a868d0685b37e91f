package io.github.llmcache.inference;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.provider.RateLimits;
import io.github.llmcache.provider.RateLimits.PerMinute;
import io.github.llmcache.provider.StandInLimit;
import io.github.llmcache.provider.StandInLimit.Counted;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Runs of 2,000 requests against a provider that enforces a limit which takes them ten
 * seconds, over real HTTP and in real time. What is measured is the part of that limit
 * that is used, however long it takes.
 */
class RateLimitedRunTests {

	private static final int REQUESTS = 2000;

	private static final int HANDFUL = 10;

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final RateLimits REPORTED = RateLimits.NONE;

	@TempDir
	Path directory;

	@ParameterizedTest
	@MethodSource
	void limitIsUsedAndNotExceeded(StandInLimit limit, RateLimits configured) {
		List<InferenceResult> results = run(limit, configured);
		assertThat(results).hasSize(REQUESTS).allMatch(InferenceResult::succeeded);
		String figures = "%d refused, %.3f used".formatted(limit.refused(), limit.usedPart());
		assertThat(limit.refused()).as(figures).isLessThanOrEqualTo(HANDFUL);
		assertThat(limit.usedPart()).as(figures).isGreaterThanOrEqualTo(0.9);
	}

	static Stream<Arguments> limitIsUsedAndNotExceeded() {
		RateLimits requests = configured(new PerMinute(12_000, null));
		RateLimits tokens = configured(new PerMinute(null, 200 * StandInLimit.TOKENS_OF_REQUEST * 60));
		int tokensPerSecond = 200 * StandInLimit.TOKENS_OF_REQUEST;
		return Stream.of(
				argumentSet("requests, configured", StandInLimit.bucket(Counted.REQUESTS, 200, SECOND), requests),
				argumentSet("requests, reported", StandInLimit.bucket(Counted.REQUESTS, 200, SECOND).withHeaders(),
						REPORTED),
				argumentSet("requests, reported, in windows",
						StandInLimit.windows(Counted.REQUESTS, 400, Duration.ofSeconds(2)).withHeaders(), REPORTED),
				argumentSet("tokens, configured", StandInLimit.bucket(Counted.TOKENS, tokensPerSecond, SECOND), tokens),
				argumentSet("tokens, reported",
						StandInLimit.bucket(Counted.TOKENS, tokensPerSecond, SECOND).withHeaders(), REPORTED));
	}

	private List<InferenceResult> run(StandInLimit limit, RateLimits configured) {
		try (InferenceFixture fixture = new InferenceFixture(this.directory,
				(provider) -> provider.limits(configured).maxConcurrency(16), 4)) {
			fixture.api.inferAll(requests("gpt-other", 100));
			fixture.standIn.answer(limit::apply);
			return fixture.api.inferAll(requests(InferenceFixture.MODEL, REQUESTS));
		}
	}

	/**
	 * Requests that ask for ten times the tokens that they get.
	 */
	private static List<InferenceRequest> requests(String model, int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> InferenceRequest.builder(model)
				.user("Question " + i)
				.maxTokens(10 * StandInLimit.TOKENS_OF_REQUEST)
				.cacheControl(CacheControl.DEFAULT.withNoStore())
				.build())
			.toList();
	}

	private static RateLimits configured(PerMinute limits) {
		return new RateLimits(limits, Map.of(), RateLimits.DEFAULT_FRACTION);
	}

}
