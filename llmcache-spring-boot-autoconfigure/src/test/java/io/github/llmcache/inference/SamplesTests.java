package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for several samples of one request, over real HTTP and a real database: with a
 * protocol that knows their number, and with one that does not.
 */
class SamplesTests extends AbstractInferenceTests {

	private static final String WITH_N = InferenceFixture.MODEL;

	private static final String WITHOUT_N = "claude-test";

	@BeforeEach
	void varyAnswers() {
		this.fixture.standIn.varyAnswers();
	}

	@ParameterizedTest
	@CsvSource({ WITH_N + ", 1, 1", WITHOUT_N + ", 3, 2" })
	void onlyWhatIsMissingIsAskedFor(String model, int callsOfThree, int callsOfTwo) {
		InferenceResponse three = infer(builder(model).n(3));
		assertThat(three.source()).isEqualTo(Source.PROVIDER);
		assertThat(texts(three)).hasSize(3).doesNotHaveDuplicates();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(callsOfThree);
		this.fixture.restart();
		InferenceResponse again = infer(builder(model).n(3));
		assertThat(again.source()).isEqualTo(Source.CACHE);
		assertThat(again.samples()).isEqualTo(three.samples());
		assertThat(again.usage()).isEqualTo(three.usage());
		assertThat(again.cost()).isZero();
		assertThat(again.savedCost()).isEqualTo(three.cost());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(callsOfThree);
		InferenceResponse five = infer(builder(model).n(5));
		assertThat(five.source()).isEqualTo(Source.PROVIDER);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(callsOfThree + callsOfTwo);
		assertThat(texts(five)).hasSize(5).doesNotHaveDuplicates().startsWith(texts(three).toArray(String[]::new));
		assertThat(five.savedCost()).isEqualTo(three.cost());
		this.fixture.restart();
		InferenceResponse fiveAgain = infer(builder(model).n(5));
		assertThat(fiveAgain.samples()).isEqualTo(five.samples());
		assertThat(fiveAgain.usage()).isEqualTo(five.usage());
		assertThat(nanos(fiveAgain.savedCost())).isEqualTo(nanos(five.cost()) + nanos(three.cost()));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(callsOfThree + callsOfTwo);
	}

	@ParameterizedTest
	@ValueSource(strings = { WITH_N, WITHOUT_N })
	void eachSampleHasItsShare(String model) {
		InferenceResponse five = infer(builder(model).n(5));
		long spent = this.fixture.statistics().spentNanos();
		assertThat(nanos(five.cost())).isEqualTo(spent).isPositive();
		List<InferenceResponse> samples = IntStream.range(0, 5)
			.mapToObj((i) -> infer(builder(model).sample(i)))
			.toList();
		assertThat(samples).extracting(InferenceResponse::text).isEqualTo(texts(five));
		assertThat(samples).allMatch(InferenceResponse::cached).allMatch((response) -> response.samples().size() == 1);
		assertThat(samples.stream().mapToLong((response) -> nanos(response.savedCost())).sum()).isEqualTo(spent);
		assertThat(samples.stream().map(InferenceResponse::usage).reduce(Usage.NONE, Usage::plus))
			.isEqualTo(five.usage());
		assertThat(this.fixture.statistics().savedNanos()).isEqualTo(spent);
		assertThat(this.fixture.statistics().savedTokens()).isEqualTo(five.usage().totalTokens());
		InferenceResponse two = infer(builder(model).n(2));
		assertThat(two.samples()).isEqualTo(five.samples().subList(0, 2));
		assertThat(nanos(two.savedCost()))
			.isEqualTo(nanos(samples.get(0).savedCost()) + nanos(samples.get(1).savedCost()));
		assertThat(infer(builder(model)).samples()).isEqualTo(five.samples().subList(0, 1));
		assertThat(this.fixture.statistics().misses()).isOne();
	}

	@Test
	void numberIsSentButIsNoPartOfTheKey() {
		infer(builder(WITH_N).n(3));
		assertThat(this.fixture.standIn.lastRequest().json().path("n").intValue()).isEqualTo(3);
		infer(builder(WITH_N).n(4));
		assertThat(this.fixture.standIn.lastRequest().json().has("n")).isFalse();
		infer(builder(WITHOUT_N).n(2));
		assertThat(this.fixture.standIn.lastRequest().json().has("n")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { WITH_N, WITHOUT_N })
	void numberAsAParameterIsRefused(String model) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> infer(builder(model).parameter("n", 5)))
			.withMessageContaining("n(…)");
		assertThat(this.fixture.standIn.requestCount()).isZero();
	}

	@Test
	void partialHitIsAMissWhoseReplayIsCounted() {
		InferenceResponse three = infer(builder(WITHOUT_N).n(3));
		infer(builder(WITHOUT_N).n(4));
		assertThat(this.fixture.statistics().misses()).isEqualTo(2);
		assertThat(this.fixture.statistics().hits()).isZero();
		assertThat(this.fixture.statistics().coalesced()).isZero();
		assertThat(this.fixture.statistics().savedNanos()).isEqualTo(nanos(three.cost()));
		assertThat(this.fixture.statistics().savedTokens()).isEqualTo(three.usage().totalTokens());
		assertThat(this.fixture.statistics().writes()).isEqualTo(4);
	}

	@Test
	void samplesBeforeTheOneThatIsWantedAreMadeAndPaid() {
		InferenceResponse first = infer(builder(WITHOUT_N));
		InferenceResponse fourth = infer(builder(WITHOUT_N).sample(3));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(4);
		assertThat(fourth.samples()).hasSize(1);
		assertThat(nanos(first.cost()) + nanos(fourth.cost())).isEqualTo(this.fixture.statistics().spentNanos());
		assertThat(fourth.savedCost()).isZero();
		InferenceResponse all = infer(builder(WITHOUT_N).n(4));
		assertThat(all.cached()).isTrue();
		assertThat(all.samples().get(3)).isEqualTo(fourth.samples().get(0));
		assertThat(infer(builder(WITHOUT_N).sample(3)).usage()).isEqualTo(fourth.usage());
	}

	@ParameterizedTest
	@ValueSource(strings = { WITH_N, WITHOUT_N })
	void askingAgainReplacesAllSamples(String model) {
		infer(builder(model).n(5));
		InferenceResponse two = infer(builder(model).n(2).cacheControl(CacheControl.DEFAULT.withNoCache()));
		assertThat(infer(cachedOnly(model).n(2)).samples()).isEqualTo(two.samples());
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> infer(cachedOnly(model).n(3)))
			.withMessageContaining("3 samples");
		InferenceResponse third = infer(builder(model).sample(2).cacheControl(CacheControl.DEFAULT.withNoCache()));
		InferenceResponse three = infer(cachedOnly(model).n(3));
		assertThat(three.samples().get(2)).isEqualTo(third.samples().get(0));
		assertThat(three.samples()).doesNotContainAnyElementsOf(two.samples());
	}

	@Test
	void entryThatIsTooOldIsReplacedAndNotAddedTo() {
		infer(builder(WITHOUT_N).n(3));
		InferenceResponse two = infer(
				builder(WITHOUT_N).n(2).cacheControl(CacheControl.DEFAULT.withMaxAge(Duration.ZERO)));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(5);
		assertThat(infer(cachedOnly(WITHOUT_N).n(2)).samples()).isEqualTo(two.samples());
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> infer(cachedOnly(WITHOUT_N).n(3)));
	}

	@Test
	void samplesThatAreTooOldForOneAreNotSharedByWhoAddsToThem() {
		InferenceResponse two = infer(builder(WITHOUT_N).n(2));
		this.fixture.standIn.hold();
		CompletableFuture<InferenceResponse> four = this.fixture.api.inferAsync(builder(WITHOUT_N).n(4).build());
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 2);
		CompletableFuture<InferenceResponse> fresh = this.fixture.api.inferAsync(newOnly(WITHOUT_N).build());
		Awaitility.await().until(() -> this.fixture.statistics().misses() == 3);
		this.fixture.standIn.release();
		assertThat(two.samples()).doesNotContainAnyElementsOf(fresh.join().samples());
		assertThat(four.join().samples()).startsWith(two.samples().toArray(Sample[]::new));
	}

	@Test
	void samplesThatAreTooOldForOneOfManyAreAddedToForNobody() {
		InferenceResponse two = infer(builder(WITHOUT_N).n(2));
		List<InferenceResponse> responses = inferAll(
				List.of(builder(WITHOUT_N).n(4).build(), newOnly(WITHOUT_N).build(), newOnly(WITHOUT_N).build()));
		assertThat(two.samples()).doesNotContainAnyElementsOf(responses.get(1).samples());
		assertThat(responses.get(0).samples()).startsWith(responses.get(1).samples().get(0));
		assertThat(responses.get(2).samples()).isEqualTo(responses.get(1).samples());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2 + 4);
		assertThat(infer(cachedOnly(WITHOUT_N).n(4)).samples()).isEqualTo(responses.get(0).samples());
	}

	@Test
	void whatIsNotToBeStoredIsAddedToWhatIsThereOnlyForNow() {
		infer(builder(WITHOUT_N).n(2));
		InferenceResponse three = infer(builder(WITHOUT_N).n(3).cacheControl(CacheControl.DEFAULT.withNoStore()));
		assertThat(three.samples()).hasSize(3);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> infer(cachedOnly(WITHOUT_N).n(3)));
	}

	@Test
	void serverThatIgnoresTheNumberIsAskedForOneEach() {
		AtomicInteger calls = new AtomicInteger();
		this.fixture.standIn.answer((received) -> completion("Answer " + calls.incrementAndGet()));
		assertThat(texts(infer(builder(WITH_N).n(5)))).hasSize(5).doesNotHaveDuplicates();
		assertThat(calls).hasValue(5);
		assertThat(infer(builder(WITH_N).n(5)).cached()).isTrue();
	}

	@Test
	void serverThatRefusesTheNumberIsAskedForOneEach() {
		this.fixture.standIn.answer((received) -> received.json().has("n")
				? Reply.openAiError(400, "invalid_request_error", null, "'n' must be 1") : null);
		assertThat(texts(infer(builder(WITH_N).n(4)))).hasSize(4).doesNotHaveDuplicates();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(1 + 4);
	}

	@Test
	void requestThatIsRefusedIsNotAskedForEachSample() {
		this.fixture.standIn
			.answer((received) -> Reply.openAiError(400, "invalid_request_error", null, "prompt is too long"));
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> infer(builder(WITH_N).n(50)));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
	}

	@Test
	void serverThatGivesMoreIsTakenAtItsWord() {
		this.fixture.standIn.answer((received) -> completion("a", "b", "c"));
		assertThat(texts(infer(builder(WITH_N)))).containsExactly("a");
		assertThat(texts(infer(builder(WITH_N).n(3)))).containsExactly("a", "b", "c");
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void moreThanOneCallTakesAreSplit() {
		InferenceResponse response = infer(builder(WITH_N).n(300));
		assertThat(texts(response)).hasSize(300).doesNotHaveDuplicates();
		assertThat(this.fixture.standIn.requests()).extracting((request) -> request.json().path("n").intValue())
			.containsExactlyInAnyOrder(128, 128, 44);
		assertThat(infer(builder(WITH_N).n(300)).samples()).isEqualTo(response.samples());
	}

	@Test
	void whatWasAnsweredBeforeAFailureIsKept() {
		AtomicInteger calls = new AtomicInteger();
		this.fixture.standIn.answer((received) -> (calls.incrementAndGet() == 3)
				? Reply.anthropicError(400, "invalid_request_error", "no") : null);
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> infer(builder(WITHOUT_N).n(20)));
		int answered = calls.get() - 1;
		assertThat(answered).isLessThan(20);
		assertThat(this.fixture.statistics().writes()).isEqualTo(answered);
		infer(cachedOnly(WITHOUT_N).n(answered));
		assertThat(infer(builder(WITHOUT_N).n(20)).samples()).hasSize(20);
		assertThat(calls).hasValue(20 + 1);
	}

	@Test
	void whatWasAnsweredBeforeAFailureIsSharedWithWhoWaits() {
		AtomicInteger calls = new AtomicInteger();
		this.fixture.standIn.answer((received) -> (calls.incrementAndGet() == 3)
				? Reply.anthropicError(400, "invalid_request_error", "no") : null);
		this.fixture.standIn.hold();
		CompletableFuture<InferenceResponse> many = this.fixture.api.inferAsync(builder(WITHOUT_N).n(20).build());
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == InferenceFixture.MAX_CONCURRENCY);
		CompletableFuture<InferenceResponse> one = this.fixture.api.inferAsync(builder(WITHOUT_N).build());
		CompletableFuture<InferenceResponse> same = this.fixture.api.inferAsync(builder(WITHOUT_N).n(20).build());
		Awaitility.await().until(() -> this.fixture.statistics().misses() == 3);
		this.fixture.standIn.release();
		assertThat(one.join().source()).isEqualTo(Source.COALESCED);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(many::join)
			.withCauseInstanceOf(InvalidRequestException.class);
		same.exceptionally((failure) -> one.join()).join();
		assertThat(infer(builder(WITHOUT_N).n(20)).samples()).startsWith(one.join().samples().get(0)).hasSize(20);
		assertThat(calls).hasValue(20 + 1);
	}

	@Test
	void manySamplesAreStoredWhileTheyCome() {
		AtomicInteger calls = new AtomicInteger();
		AtomicBoolean held = new AtomicBoolean();
		this.fixture.standIn.answer((received) -> {
			if (calls.incrementAndGet() == 30) {
				this.fixture.standIn.hold();
				held.set(true);
			}
			return null;
		});
		CompletableFuture<InferenceResponse> response = this.fixture.api.inferAsync(builder(WITHOUT_N).n(40).build());
		Awaitility.await().until(() -> held.get() && this.fixture.statistics().writes() >= 24);
		this.fixture.standIn.release();
		assertThat(texts(response.join())).doesNotHaveDuplicates();
		assertThat(infer(cachedOnly(WITHOUT_N).n(40)).samples()).isEqualTo(response.join().samples());
	}

	@Test
	void sampleThatIsNotCompleteMovesNoOther() {
		this.fixture.standIn.enqueue(Reply.ok("""
				{"model": "gpt-test", "choices": [
				  {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "a"}},
				  {"index": 1, "finish_reason": "content_filter", "message": {"role": "assistant", "content": ""}},
				  {"index": 2, "finish_reason": "stop", "message": {"role": "assistant", "content": "c"}}],
				  "usage": {"prompt_tokens": 7, "completion_tokens": 13}}"""));
		InferenceResponse three = infer(builder(WITH_N).n(3));
		assertThat(texts(three)).containsExactly("a", "c", "");
		assertThat(three.usage()).isEqualTo(Usage.of(7, 13));
		assertThat(nanos(three.cost())).isEqualTo(this.fixture.statistics().spentNanos());
		this.fixture.restart();
		InferenceResponse two = infer(cachedOnly(WITH_N).n(2));
		assertThat(texts(two)).containsExactly("a", "c");
		assertThat(two.savedCost()).isEqualTo(three.cost());
		assertThat(texts(infer(builder(WITH_N).n(3)))).startsWith("a", "c").hasSize(3);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { WITH_N, WITHOUT_N })
	void differentNumbersAtTheSameTimeShareTheirSamples(String model) {
		this.fixture.standIn.hold();
		List<CompletableFuture<InferenceResponse>> futures = Stream.of(3, 5, 1, 4)
			.map((n) -> this.fixture.api.inferAsync(builder(model).n(n).build()))
			.toList();
		Awaitility.await().until(() -> this.fixture.statistics().misses() == 4);
		this.fixture.standIn.release();
		List<InferenceResponse> responses = futures.stream().map(CompletableFuture::join).toList();
		List<Sample> five = responses.get(1).samples();
		assertThat(responses)
			.allMatch((response) -> five.subList(0, response.samples().size()).equals(response.samples()));
		assertThat(this.sampleCount()).isEqualTo(5);
		assertThat(responses.stream().mapToLong((response) -> nanos(response.cost())).sum())
			.isEqualTo(this.fixture.statistics().spentNanos());
	}

	@Test
	void particularSamplesAtTheSameTimeAreOneCallEach() {
		List<CompletableFuture<InferenceResponse>> futures = IntStream.range(0, 10)
			.mapToObj((i) -> this.fixture.api.inferAsync(builder(WITHOUT_N).sample(i).build()))
			.toList();
		assertThat(futures).extracting((future) -> future.join().text()).doesNotHaveDuplicates();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(10);
	}

	@ParameterizedTest
	@CsvSource({ WITH_N + ", 1", WITHOUT_N + ", 10" })
	void particularSamplesTogetherAreAskedForOnce(String model, int calls) {
		List<InferenceRequest> requests = IntStream.range(0, 10)
			.mapToObj((i) -> builder(model).sample(i).build())
			.toList();
		List<InferenceResponse> first = inferAll(requests);
		assertThat(first).extracting(InferenceResponse::source).containsOnly(Source.PROVIDER);
		assertThat(first).extracting(InferenceResponse::text).doesNotHaveDuplicates();
		assertThat(first).allMatch((response) -> response.samples().size() == 1);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(calls);
		assertThat(first).allMatch((response) -> nanos(response.cost()) > 0 && nanos(response.savedCost()) == 0);
		assertThat(first.stream().mapToLong((response) -> nanos(response.cost())).sum())
			.isEqualTo(this.fixture.statistics().spentNanos());
		assertThat(this.fixture.statistics().savedNanos()).isZero();
		assertThat(this.fixture.statistics().coalesced()).isZero();
		List<InferenceResponse> second = inferAll(requests);
		assertThat(second).extracting(InferenceResponse::source).containsOnly(Source.CACHE);
		assertThat(second).extracting(InferenceResponse::text)
			.isEqualTo(first.stream().map(InferenceResponse::text).toList());
		assertThat(second).extracting(InferenceResponse::usage)
			.isEqualTo(first.stream().map(InferenceResponse::usage).toList());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(calls);
		assertThat(this.fixture.statistics().savedNanos()).isEqualTo(this.fixture.statistics().spentNanos());
	}

	@Test
	void overlappingRequestsTogetherPayForEachSampleOnce() {
		List<InferenceResponse> responses = inferAll(Stream
			.of(builder(WITHOUT_N).n(2), builder(WITHOUT_N).sample(4), builder(WITHOUT_N).n(3), builder(WITHOUT_N),
					builder(WITHOUT_N).sample(4))
			.map(InferenceRequest.Builder::build)
			.toList());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(5);
		List<Sample> all = infer(cachedOnly(WITHOUT_N).n(5)).samples();
		assertThat(responses.get(0).samples()).isEqualTo(all.subList(0, 2));
		assertThat(responses.get(1).samples()).isEqualTo(all.subList(4, 5));
		assertThat(responses.get(2).samples()).isEqualTo(all.subList(0, 3));
		assertThat(responses).extracting(InferenceResponse::source)
			.containsExactly(Source.PROVIDER, Source.PROVIDER, Source.PROVIDER, Source.COALESCED, Source.COALESCED);
		assertThat(responses.stream().mapToLong((response) -> nanos(response.cost())).sum())
			.isEqualTo(this.fixture.statistics().spentNanos());
	}

	@Test
	void laterRequestsOfABulkRunTopUp() {
		List<InferenceRequest> requests = new ArrayList<>();
		IntStream.range(0, 3).forEach((i) -> requests.add(builder(WITHOUT_N).sample(i).build()));
		IntStream.range(0, 2000).forEach((i) -> requests.add(builder(WITHOUT_N).build()));
		IntStream.range(0, 6).forEach((i) -> requests.add(builder(WITHOUT_N).sample(i).build()));
		List<InferenceResponse> responses = inferAll(requests);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(6);
		Set<String> texts = new HashSet<>();
		responses.forEach((response) -> texts.add(response.text()));
		assertThat(texts).hasSize(6);
		assertThat(responses.subList(2003, 2006)).extracting(InferenceResponse::text)
			.isEqualTo(responses.subList(0, 3).stream().map(InferenceResponse::text).toList());
	}

	@Test
	void samplesThatAreNotStoredAreAskedForOnceTogether() {
		CacheControl noStore = CacheControl.DEFAULT.withNoStore();
		List<InferenceResponse> responses = inferAll(IntStream.range(0, 5)
			.mapToObj((i) -> builder(WITHOUT_N).sample(i).cacheControl(noStore).build())
			.toList());
		assertThat(responses).extracting(InferenceResponse::text).doesNotHaveDuplicates();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(5);
	}

	@Test
	void samplesBeforeAFailureAreAnsweredInABulkRun() {
		AtomicInteger calls = new AtomicInteger();
		this.fixture.standIn.answer((received) -> (calls.incrementAndGet() > 3)
				? Reply.anthropicError(400, "invalid_request_error", "no") : null);
		List<InferenceResult> results = this.fixture.api
			.inferAll(IntStream.range(0, 10).mapToObj((i) -> builder(WITHOUT_N).sample(i).build()).toList());
		assertThat(results.subList(0, 3)).allMatch(InferenceResult::succeeded);
		assertThat(results.subList(3, 10)).extracting(InferenceResult::failure)
			.hasOnlyElementsOfType(InvalidRequestException.class);
		this.fixture.standIn.answer((received) -> null);
		int before = this.fixture.standIn.requestCount();
		infer(builder(WITHOUT_N).n(10));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(before + 7);
	}

	@Test
	void manyRequestsWithManySamplesDoNotWaitForEachOther() {
		List<CompletableFuture<InferenceResponse>> futures = IntStream.range(0, 100)
			.mapToObj((i) -> this.fixture.api
				.inferAsync(InferenceRequest.builder(WITHOUT_N).user("Question " + i).n(4).build()))
			.toList();
		assertThat(futures).allMatch((future) -> future.join().samples().size() == 4);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(400);
		assertThat(this.fixture.standIn.maxInFlight()).isLessThanOrEqualTo(InferenceFixture.MAX_CONCURRENCY);
	}

	@Test
	void cancellingEndsAllCallsAndKeepsWhatWasAnswered() {
		AtomicInteger calls = new AtomicInteger();
		this.fixture.standIn.answer((received) -> {
			if (calls.incrementAndGet() == 2) {
				this.fixture.standIn.hold();
			}
			return null;
		});
		CompletableFuture<InferenceResponse> future = this.fixture.api.inferAsync(builder(WITHOUT_N).n(30).build());
		Awaitility.await()
			.until(() -> calls.get() >= 2 && this.fixture.standIn.inFlight() == InferenceFixture.MAX_CONCURRENCY);
		future.cancel(true);
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 0);
		Awaitility.await().until(() -> this.fixture.statistics().writes() >= 2);
		this.fixture.standIn.release();
		assertThat(infer(cachedOnly(WITHOUT_N).n(2)).samples()).hasSize(2);
		assertThat(calls.get()).isLessThan(30);
	}

	@Test
	void closedApiGoesOnOnThreadsOfTheApplication() {
		this.fixture.api.close();
		assertThat(infer(builder(WITHOUT_N).n(4)).samples()).hasSize(4);
	}

	@Test
	void unknownPriceIsUnknown() {
		InferenceResponse three = infer(InferenceRequest.builder("gpt-unknown").user("Hello").n(3));
		assertThat(three.cost()).isNull();
		assertThat(three.savedCost()).isZero();
		InferenceResponse four = infer(InferenceRequest.builder("gpt-unknown").user("Hello").n(4));
		assertThat(four.cost()).isNull();
		assertThat(four.savedCost()).isNull();
	}

	private int sampleCount() {
		return this.fixture.standIn.requests()
			.stream()
			.map(ReceivedRequest::json)
			.mapToInt((body) -> body.path("n").asInt(1))
			.sum();
	}

	private InferenceResponse infer(InferenceRequest.Builder request) {
		return this.fixture.api.infer(request.build());
	}

	private List<InferenceResponse> inferAll(List<InferenceRequest> requests) {
		return this.fixture.api.inferAll(requests).stream().map(InferenceResult::orElseThrow).toList();
	}

	private static InferenceRequest.Builder builder(String model) {
		return InferenceRequest.builder(model).user("Tell me a joke.");
	}

	private static InferenceRequest.Builder newOnly(String model) {
		return builder(model).cacheControl(CacheControl.DEFAULT.withMaxAge(Duration.ZERO));
	}

	private static InferenceRequest.Builder cachedOnly(String model) {
		return builder(model).cacheControl(CacheControl.DEFAULT.withOnlyIfCached());
	}

	private static List<String> texts(InferenceResponse response) {
		return response.samples().stream().map(Sample::text).toList();
	}

	private static long nanos(@Nullable BigDecimal dollars) {
		return Objects.requireNonNull(dollars).movePointRight(9).longValueExact();
	}

	private static Reply completion(String... texts) {
		String choices = IntStream.range(0, texts.length)
			.mapToObj(
					(i) -> "{\"index\": " + i + ", \"finish_reason\": \"stop\", \"message\": {\"role\": \"assistant\", "
							+ "\"content\": \"" + texts[i] + "\"}}")
			.reduce((first, second) -> first + ", " + second)
			.orElseThrow();
		return Reply.ok("{\"model\": \"gpt-test\", \"choices\": [" + choices + "], \"usage\": {\"prompt_tokens\": 5, "
				+ "\"completion_tokens\": 6}}");
	}

}
