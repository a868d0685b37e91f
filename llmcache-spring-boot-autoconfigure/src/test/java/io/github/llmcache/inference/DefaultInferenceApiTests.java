package io.github.llmcache.inference;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.UnknownProviderException;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.llmcache.inference.InferenceFixture.MODEL;
import static io.github.llmcache.inference.InferenceFixture.builder;
import static io.github.llmcache.inference.InferenceFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DefaultInferenceApi}, over real HTTP and a real database.
 */
class DefaultInferenceApiTests extends AbstractInferenceTests {

	@Test
	void hitIsExactlyWhatTheProviderAnswered() {
		InferenceResponse miss = this.fixture.api.infer(request("Capital of France?"));
		this.fixture.restart();
		InferenceResponse hit = this.fixture.api.infer(request("Capital of France?"));
		assertThat(miss.source()).isEqualTo(Source.PROVIDER);
		assertThat(hit.source()).isEqualTo(Source.CACHE);
		assertThat(hit.cached()).isTrue();
		assertThat(hit.raw()).isEqualTo(miss.raw());
		assertThat(hit.samples()).isEqualTo(miss.samples());
		assertThat(hit.usage()).isEqualTo(miss.usage());
		assertThat(hit.requestId()).isEqualTo(miss.requestId()).startsWith("req_openai_");
		assertThat(hit.createdAt()).isEqualTo(miss.createdAt());
		assertThat(hit.finishReason()).isEqualTo(FinishReason.STOP);
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void moneyIsCountedOnceWhereItIsSpentAndOnceWhereItIsSaved() {
		InferenceResponse miss = this.fixture.api.infer(request("Capital of France?"));
		InferenceResponse hit = this.fixture.api.infer(request("Capital of France?"));
		BigDecimal expected = BigDecimal.valueOf(miss.usage().inputTokens() + 10 * miss.usage().outputTokens(), 6)
			.stripTrailingZeros();
		assertThat(miss.cost()).isEqualTo(expected);
		assertThat(miss.savedCost()).isZero();
		assertThat(hit.cost()).isZero();
		assertThat(hit.savedCost()).isEqualTo(expected);
		long nanos = expected.movePointRight(9).longValueExact();
		assertThat(this.fixture.statistics().spentNanos()).isEqualTo(nanos);
		assertThat(this.fixture.statistics().savedNanos()).isEqualTo(nanos);
		assertThat(this.fixture.statistics().savedTokens()).isEqualTo(miss.usage().totalTokens());
		assertThat(this.fixture.cache.size()).singleElement()
			.satisfies((size) -> assertThat(size.costNanos()).isEqualTo(nanos));
	}

	@Test
	void unknownPriceIsUnknownAndNotZero() {
		InferenceRequest request = InferenceRequest.builder("gpt-unknown").user("Hello").build();
		assertThat(this.fixture.api.infer(request).cost()).isNull();
		assertThat(this.fixture.api.infer(request).savedCost()).isNull();
		assertThat(this.fixture.statistics().unpricedCalls()).isOne();
	}

	@Test
	void reportedCostThatMakesNoSenseIsUnknown() {
		this.fixture.standIn.answer((received) -> Reply.ok("""
				{"id": "1", "model": "gpt-test", "choices": [{"index": 0, "finish_reason": "stop",
				  "message": {"role": "assistant", "content": "Hello"}}],
				  "usage": {"prompt_tokens": 1, "completion_tokens": 1, "cost": 1e50}}"""));
		InferenceResponse response = this.fixture.api.infer(request("Hello"));
		assertThat(response.text()).isEqualTo("Hello");
		assertThat(response.cost()).isNull();
		assertThat(this.fixture.statistics().unpricedCalls()).isOne();
		assertThat(this.fixture.api.infer(request("Hello")).cached()).isTrue();
	}

	@Test
	void anthropicIsAskedAndReplayed() {
		InferenceRequest request = InferenceRequest.builder("claude-test").system("Be brief.").user("Hello").build();
		InferenceResponse miss = this.fixture.api.infer(request);
		InferenceResponse hit = this.fixture.api.infer(request);
		assertThat(this.fixture.standIn.lastRequest().path()).endsWith("/messages");
		assertThat(hit.raw()).isEqualTo(miss.raw());
		assertThat(hit.cached()).isTrue();
	}

	@Test
	void askAnswersWithText() {
		assertThat(this.fixture.api.ask(MODEL, "Hello")).isEqualTo(this.fixture.api.infer(request("Hello")).text());
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void noCacheAsksAgainAndReplacesTheEntry() {
		this.fixture.standIn.varyAnswers();
		String first = this.fixture.api.infer(request("Hello")).text();
		InferenceResponse second = this.fixture.api
			.infer(builder("Hello").cacheControl(CacheControl.DEFAULT.withNoCache()).build());
		assertThat(second.cached()).isFalse();
		assertThat(second.text()).isNotEqualTo(first);
		assertThat(this.fixture.api.infer(request("Hello")).text()).isEqualTo(second.text());
	}

	@Test
	void noStoreStoresNothing() {
		InferenceRequest request = builder("Hello").cacheControl(CacheControl.DEFAULT.withNoStore()).build();
		this.fixture.api.infer(request);
		assertThat(this.fixture.api.infer(request).cached()).isFalse();
		assertThat(this.fixture.statistics().spentNanos()).isPositive();
	}

	@Test
	void onlyIfCachedDoesNotAsk() {
		InferenceRequest request = builder("Hello").cacheControl(CacheControl.DEFAULT.withOnlyIfCached()).build();
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> this.fixture.api.infer(request))
			.withMessageContaining("No entry")
			.withMessageNotContaining("Hello");
		assertThat(this.fixture.standIn.requestCount()).isZero();
		this.fixture.api.infer(request("Hello"));
		assertThat(this.fixture.api.infer(request).cached()).isTrue();
	}

	@Test
	void maxAgeAndNamespaceAreObeyed() {
		this.fixture.api.infer(request("Hello"));
		assertThat(this.fixture.api
			.infer(builder("Hello").cacheControl(CacheControl.DEFAULT.withMaxAge(Duration.ofDays(1))).build())
			.cached()).isTrue();
		assertThat(this.fixture.api
			.infer(builder("Hello").cacheControl(CacheControl.DEFAULT.withNamespace("other")).build())
			.cached()).isFalse();
	}

	@ParameterizedTest
	@MethodSource
	void answerThatIsNotCompleteIsNotStored(String choice) {
		Reply reply = Reply.ok("{\"id\":\"1\",\"object\":\"chat.completion\",\"model\":\"gpt-test\",\"choices\":["
				+ choice + "],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}");
		this.fixture.standIn.enqueue(reply);
		this.fixture.api.infer(request("Hello"));
		assertThat(this.fixture.api.infer(request("Hello")).cached()).isFalse();
		assertThat(this.fixture.api.infer(request("Hello")).cached()).isTrue();
	}

	static Stream<String> answerThatIsNotCompleteIsNotStored() {
		return Stream.of(
				"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":\"stop\"}",
				"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null},\"finish_reason\":\"length\"}",
				"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hel\"},\"finish_reason\":null}",
				"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"x\"},\"finish_reason\":\"content_filter\"}",
				"{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":\"No.\"},"
						+ "\"finish_reason\":\"stop\"}");
	}

	@Test
	void failuresThatPassAreTriedAgain() {
		this.fixture.standIn.enqueue(Reply.rateLimited("0"), Reply.openAiError(503, "server_error", null, "busy"));
		assertThat(this.fixture.api.infer(request("Hello")).text()).isNotEmpty();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
	}

	@Test
	void cutOffAnswerIsTriedAgainAndNeverStored() {
		this.fixture.standIn.answer((received) -> Reply.ok("{\"choices\":[]}").cutOffAfter(5));
		assertThatExceptionOfType(MalformedResponseException.class)
			.isThrownBy(() -> this.fixture.api.infer(request("Hello")));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
		this.fixture.standIn.answer((received) -> null);
		assertThat(this.fixture.api.infer(request("Hello")).cached()).isFalse();
	}

	@Test
	void failuresThatDoNotPassAreNotTriedAgain() {
		this.fixture.standIn.enqueue(Reply.openAiError(400, "invalid_request_error", null, "Bad prompt: Hello"));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.infer(request("Hello")))
			.withMessageNotContaining("Bad prompt")
			.satisfies((ex) -> assertThat(ex.getProviderMessage()).contains("Bad prompt: Hello"));
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void errorInsideASuccessIsAnError() {
		this.fixture.standIn
			.answer((received) -> Reply.ok("{\"error\":{\"message\":\"Provider is busy\",\"code\":503}}"));
		assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> this.fixture.api.infer(request("Hello")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1e50", "9223372036.9", "1000000.01", "1e-50" })
	void costThatCannotBeIsNoReasonToLoseTheAnswer(BigDecimal cost) {
		this.fixture.standIn.answer((received) -> Reply.ok("""
				{"choices": [{"message": {"content": "Paris"}, "finish_reason": "stop"}], "usage": {"cost": %s}}
				""".formatted(cost)));
		InferenceResponse response = this.fixture.api.infer(request("Capital of France?"));
		assertThat(response.text()).isEqualTo("Paris");
		assertThat(response.cost()).isEqualTo((cost.compareTo(BigDecimal.ONE) > 0) ? null : BigDecimal.ZERO);
		assertThat(this.fixture.api.infer(request("Capital of France?")).savedCost()).isEqualTo(response.cost());
	}

	@Test
	void waitThatIsTooLongIsNotWaited() {
		this.fixture.standIn.enqueue(Reply.rateLimited("3600"));
		assertThatExceptionOfType(RateLimitException.class).isThrownBy(() -> this.fixture.api.infer(request("Hello")))
			.satisfies((ex) -> assertThat(ex.getRetryAfter()).contains(Duration.ofHours(1)));
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void identicalRequestsInFlightAreOneCall() throws Exception {
		this.fixture.standIn.hold();
		List<CompletableFuture<InferenceResponse>> futures = IntStream.range(0, 20)
			.mapToObj((i) -> this.fixture.api.inferAsync(request("Hello")))
			.toList();
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 1);
		Awaitility.await().until(() -> this.fixture.statistics().misses() == 20);
		this.fixture.standIn.release();
		List<InferenceResponse> responses = futures.stream().map(CompletableFuture::join).toList();
		assertThat(this.fixture.standIn.requestCount()).isOne();
		assertThat(responses).extracting(InferenceResponse::source)
			.containsOnly(Source.PROVIDER, Source.COALESCED)
			.containsOnlyOnce(Source.PROVIDER);
		assertThat(responses).extracting(InferenceResponse::raw).containsOnly(responses.get(0).raw());
		assertThat(this.fixture.statistics().coalesced()).isEqualTo(19);
		assertThat(responses.stream()
			.map(InferenceResponse::cost)
			.reduce(BigDecimal.ZERO, BigDecimal::add)
			.movePointRight(9)).isEqualByComparingTo(BigDecimal.valueOf(this.fixture.statistics().spentNanos()));
	}

	@Test
	void callbacksMayAskAndWait() {
		List<CompletableFuture<InferenceResponse>> futures = IntStream.range(0, 100)
			.mapToObj((i) -> this.fixture.api.inferAsync(request("Question " + i)).thenApply((response) -> {
				this.fixture.api.inferAll(List.of(request("Question A" + i)));
				return this.fixture.api.inferAsync(request("Question B" + i)).join();
			}))
			.toList();
		CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).orTimeout(1, TimeUnit.MINUTES).join();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(300);
	}

	@Test
	void identicalRequestsInFlightAreOneCallWhateverAgeTheyAccept() {
		this.fixture.standIn.hold();
		CompletableFuture<InferenceResponse> first = this.fixture.api.inferAsync(request("Hello"));
		CompletableFuture<InferenceResponse> second = this.fixture.api
			.inferAsync(builder("Hello").cacheControl(CacheControl.DEFAULT.withMaxAge(Duration.ofHours(1))).build());
		Awaitility.await().until(() -> this.fixture.statistics().misses() == 2);
		this.fixture.standIn.release();
		assertThat(first.join().raw()).isEqualTo(second.join().raw());
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void cancellingEndsTheCall() {
		this.fixture.standIn.hold();
		CompletableFuture<InferenceResponse> future = this.fixture.api.inferAsync(request("Hello"));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 1);
		future.cancel(true);
		Awaitility.await().until(() -> this.fixture.standIn.abandonedCount() == 1);
		assertThatExceptionOfType(CancellationException.class).isThrownBy(future::get);
	}

	@Test
	void timingOutEndsTheCall() {
		this.fixture.standIn.hold();
		CompletableFuture<InferenceResponse> future = this.fixture.api.inferAsync(request("Hello"))
			.orTimeout(1, TimeUnit.MILLISECONDS);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(future::get);
		this.fixture.standIn.release();
		Awaitility.await()
			.until(() -> this.fixture.standIn.abandonedCount() == 1 || this.fixture.standIn.requestCount() == 0);
	}

	@Test
	void followerOutlivesACancelledLeader() {
		this.fixture.standIn.hold();
		CompletableFuture<InferenceResponse> leader = this.fixture.api.inferAsync(request("Hello"));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 1);
		CompletableFuture<InferenceResponse> follower = this.fixture.api.inferAsync(request("Hello"));
		Awaitility.await().until(() -> this.fixture.statistics().misses() == 2);
		leader.cancel(true);
		Awaitility.await().until(() -> this.fixture.standIn.requestCount() == 2);
		this.fixture.standIn.release();
		assertThat(follower.join().source()).isEqualTo(Source.PROVIDER);
	}

	@Test
	void asynchronousFailureIsTheFailureOfTheFuture() {
		this.fixture.standIn.answer((received) -> Reply.openAiError(400, "invalid_request_error", null, "no"));
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> this.fixture.api.inferAsync(request("Hello")).get())
			.withCauseInstanceOf(InvalidRequestException.class);
	}

	@Test
	void closingEndsWhatIsRunningAndWhatWaits() {
		this.fixture.standIn.hold();
		List<CompletableFuture<InferenceResponse>> futures = IntStream.range(0, 100)
			.mapToObj((i) -> this.fixture.api.inferAsync(request("Question " + i)))
			.toList();
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == InferenceFixture.MAX_CONCURRENCY);
		this.fixture.api.close();
		for (CompletableFuture<InferenceResponse> future : futures) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> future.get(1, TimeUnit.MINUTES))
				.withCauseInstanceOf(InferenceCancelledException.class);
		}
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> this.fixture.api.inferAsync(request("late")).get())
			.withCauseInstanceOf(InferenceCancelledException.class);
	}

	@Test
	void noMoreCallsAreInFlightThanTheProviderTakes() {
		List<CompletableFuture<InferenceResponse>> futures = IntStream.range(0, 40)
			.mapToObj((i) -> this.fixture.api.inferAsync(request("Question " + i)))
			.toList();
		futures.forEach(CompletableFuture::join);
		assertThat(this.fixture.standIn.maxInFlight()).isLessThanOrEqualTo(InferenceFixture.MAX_CONCURRENCY);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(40);
	}

	@Test
	void cacheThatFailsDoesNotStopCalls() throws IOException {
		Files.delete(this.directory);
		Files.writeString(this.directory, "a file where the folder should be");
		assertThat(this.fixture.api.infer(request("Hello")).text()).isNotEmpty();
		assertThat(this.fixture.api.infer(request("Hello")).cached()).isFalse();
		assertThat(this.fixture.cache.health().isUp()).isFalse();
		assertThat(this.fixture.statistics().errors()).isPositive();
		Files.delete(this.directory);
		this.fixture.api.infer(request("Hello"));
		assertThat(this.fixture.api.infer(request("Hello")).cached()).isTrue();
		assertThat(this.fixture.cache.health().isUp()).isTrue();
	}

	@Test
	void missingKeyIsNamedBeforeAnyCallButHitsNeedNone() {
		this.fixture.api.infer(request("Hello"));
		try (InferenceFixture withoutKey = new InferenceFixture(this.directory,
				(provider) -> provider.baseUrl(null).apiKey(null), 1)) {
			assertThat(withoutKey.api.infer(request("Hello")).cached()).isTrue();
			assertThatExceptionOfType(UnknownProviderException.class)
				.isThrownBy(() -> withoutKey.api.infer(request("Hello again")))
				.withMessageContaining("llmcache.providers.openai.api-key")
				.withMessageContaining("OPENAI_API_KEY");
		}
	}

	@Test
	void unknownModelNamesWhatIsConfigured() {
		assertThatExceptionOfType(UnknownProviderException.class)
			.isThrownBy(() -> this.fixture.api.ask("llama-9", "Hello"))
			.withMessageContaining("'llama-9'")
			.withMessageContaining("gpt*")
			.withMessageContaining("llmcache.providers.<name>.models");
		assertThat(this.fixture.standIn.requestCount()).isZero();
	}

	@Test
	void keyIsSentAndNeverStored() throws IOException {
		this.fixture.api.infer(request("Hello"));
		assertThat(this.fixture.standIn.lastRequest().header("Authorization"))
			.isEqualTo("Bearer " + StandInProvider.API_KEY);
		this.fixture.cache.close();
		try (Stream<Path> files = Files.walk(this.directory)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(StandInProvider.API_KEY);
			}
		}
	}

}
