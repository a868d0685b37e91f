package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.Progress;
import io.github.llmcache.UnknownProviderException;
import io.github.llmcache.provider.Reply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.llmcache.inference.InferenceFixture.builder;
import static io.github.llmcache.inference.InferenceFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link BulkRun}, over real HTTP and a real database.
 */
class BulkRunTests extends AbstractInferenceTests {

	@Test
	void resultsAreInTheOrderOfTheRequestsAndReplayed() {
		List<InferenceRequest> requests = requests(2500);
		List<InferenceResult> first = this.fixture.api.inferAll(requests);
		assertThat(first).extracting(InferenceResult::request).isEqualTo(requests);
		assertThat(first).allMatch(InferenceResult::succeeded);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2500);
		assertThat(this.fixture.standIn.maxInFlight()).isLessThanOrEqualTo(InferenceFixture.MAX_CONCURRENCY);
		this.fixture.restart();
		List<InferenceResult> second = this.fixture.api.inferAll(requests);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2500);
		assertThat(second).extracting((result) -> result.orElseThrow().source()).containsOnly(Source.CACHE);
		assertThat(second).extracting((result) -> result.orElseThrow().raw())
			.isEqualTo(first.stream().map((result) -> result.orElseThrow().raw()).toList());
		assertThat(this.fixture.api.infer(requests.get(7)).text()).isEqualTo(first.get(7).orElseThrow().text());
	}

	@Test
	void oneFailureDoesNotLoseTheOthers() {
		this.fixture.standIn.answer((received) -> received.text().contains("Question 3.")
				? Reply.openAiError(400, "invalid_request_error", null, "no") : null);
		List<InferenceRequest> requests = new ArrayList<>(requests(10));
		requests.add(InferenceRequest.builder("unknown-model").user("Hello").build());
		requests.add(builder("Hello").parameter("stream", true).build());
		requests.add(builder("Hello").parameter("seed", new BigDecimal(BigInteger.TEN, Integer.MIN_VALUE)).build());
		List<InferenceResult> results = this.fixture.api.inferAll(requests);
		assertThat(results.get(3).failure()).isInstanceOf(InvalidRequestException.class);
		assertThat(results.get(10).failure()).isInstanceOf(UnknownProviderException.class);
		assertThat(results.get(11).failure()).isInstanceOf(InvalidRequestException.class);
		assertThat(results.get(12).failure()).isInstanceOf(InvalidRequestException.class);
		assertThat(results).filteredOn(InferenceResult::succeeded).hasSize(9);
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(results.get(3)::orElseThrow);
	}

	@Test
	void duplicatesAreAskedOnce() {
		List<InferenceRequest> requests = new ArrayList<>();
		IntStream.range(0, 1500).forEach((i) -> requests.add(request("Question " + i % 3)));
		List<InferenceResult> results = this.fixture.api.inferAll(requests);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
		assertThat(results).filteredOn((result) -> result.orElseThrow().source() == Source.PROVIDER).hasSize(3);
		for (int i = 0; i < 1500; i++) {
			assertThat(results.get(i).orElseThrow().raw()).isEqualTo(results.get(i % 3).orElseThrow().raw());
		}
	}

	@Test
	void duplicatesThatNameTheDefaultNamespaceAreAskedOnce() {
		this.fixture.api.inferAll(List.of(request("Hello"),
				builder("Hello").cacheControl(CacheControl.DEFAULT.withNamespace("")).build()));
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void duplicatesOfAFailureFail() {
		this.fixture.standIn.answer((received) -> Reply.openAiError(400, "invalid_request_error", null, "no"));
		List<InferenceResult> results = this.fixture.api.inferAll(Collections.nCopies(5, request("Hello")));
		assertThat(results).extracting(InferenceResult::failure).hasOnlyElementsOfType(InvalidRequestException.class);
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void cacheControlOfEachRequestIsObeyed() {
		this.fixture.standIn.varyAnswers();
		this.fixture.api.infer(request("Hello"));
		List<InferenceResult> results = this.fixture.api.inferAll(
				List.of(request("Hello"), builder("Hello").cacheControl(CacheControl.DEFAULT.withNoCache()).build(),
						builder("Other").cacheControl(CacheControl.DEFAULT.withOnlyIfCached()).build(),
						builder("Third").cacheControl(CacheControl.DEFAULT.withNoStore()).build()));
		assertThat(results.get(0).orElseThrow().source()).isEqualTo(Source.CACHE);
		assertThat(results.get(1).orElseThrow().source()).isEqualTo(Source.PROVIDER);
		assertThat(results.get(2).succeeded()).isFalse();
		assertThat(results.get(3).orElseThrow().source()).isEqualTo(Source.PROVIDER);
		assertThat(this.fixture.api.infer(request("Third")).source()).isEqualTo(Source.PROVIDER);
		assertThat(this.fixture.api.infer(request("Hello")).raw()).isEqualTo(results.get(1).orElseThrow().raw());
	}

	@Test
	void progressAddsUp() {
		this.fixture.api.inferAll(requests(5));
		List<Progress.Update> updates = new ArrayList<>();
		List<InferenceRequest> requests = new ArrayList<>(requests(20));
		requests.add(InferenceRequest.builder("unknown-model").user("Hello").build());
		List<InferenceResult> results = this.fixture.api.inferAll(requests, updates::add);
		Progress.Update last = updates.get(updates.size() - 1);
		assertThat(last.total()).isEqualTo(21);
		assertThat(last.completed()).isEqualTo(21);
		assertThat(last.hits()).isEqualTo(5);
		assertThat(last.misses()).isEqualTo(15);
		assertThat(last.failures()).isOne();
		BigDecimal spent = results.stream()
			.filter(InferenceResult::succeeded)
			.map((result) -> result.orElseThrow().cost())
			.reduce(BigDecimal.ZERO, BigDecimal::add);
		assertThat(last.spent()).isEqualByComparingTo(spent).isPositive();
		assertThat(last.saved()).isPositive();
		assertThat(updates).extracting(Progress.Update::completed).isSorted();
	}

	@Test
	void progressIsToldBetweenGroupsOfHits() {
		this.fixture.api.inferAll(requests(2500));
		List<Progress.Update> updates = new ArrayList<>();
		this.fixture.api.inferAll(requests(2500), updates::add);
		assertThat(updates).extracting(Progress.Update::hits).containsExactly(1000, 2000, 2500);
	}

	@Test
	void nothingIsAskedForNothing() {
		List<Progress.Update> updates = new ArrayList<>();
		assertThat(this.fixture.api.inferAll(List.of(), updates::add)).isEmpty();
		assertThat(updates).singleElement().extracting(Progress.Update::total).isEqualTo(0);
	}

	@Test
	void interruptionEndsTheCallsAndKeepsWhatWasAnswered() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		this.fixture.standIn
			.answer((received) -> received.text().contains("Question 1.") ? null : Reply.ok("{}").after(never));
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread thread = new Thread(() -> {
			try {
				this.fixture.api.inferAll(requests(8));
			}
			catch (InferenceCancelledException ex) {
				failure.set(Thread.currentThread().isInterrupted() ? ex : null);
			}
		});
		thread.start();
		Awaitility.await().until(() -> this.fixture.statistics().writes() == 1);
		thread.interrupt();
		thread.join();
		assertThat(failure.get()).isInstanceOf(InferenceCancelledException.class);
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 0);
		assertThat(this.fixture.api.infer(request("Question 1.")).cached()).isTrue();
	}

	@Test
	void progressThatFailsLosesNothing() {
		assertThatIllegalStateException().isThrownBy(() -> this.fixture.api.inferAll(requests(1), (update) -> {
			if (update.completed() > 0) {
				throw new IllegalStateException("listener");
			}
		}));
		assertThat(this.fixture.api.infer(request("Question 0.")).cached()).isTrue();
	}

	@Test
	void progressMayAskTheSame() {
		List<String> answers = new ArrayList<>();
		List<InferenceResult> results = this.fixture.api.inferAll(requests(3),
				(update) -> answers.add(this.fixture.api.infer(request("Question 2.")).text()));
		assertThat(answers).containsOnly(results.get(2).orElseThrow().text());
	}

	@Test
	@Timeout(60)
	void progressMayAskTheSameTogether() {
		AtomicBoolean asked = new AtomicBoolean();
		List<InferenceResult> again = new ArrayList<>();
		this.fixture.standIn.hold();
		List<InferenceResult> results = this.fixture.api.inferAll(requests(3), (update) -> {
			if (asked.compareAndSet(false, true)) {
				Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 3);
				this.fixture.standIn.release();
				again.addAll(this.fixture.api.inferAll(requests(3)));
			}
		});
		assertThat(results).allMatch(InferenceResult::succeeded);
		assertThat(again).allMatch(InferenceResult::succeeded);
	}

	@Test
	void closedApiSaysSo() {
		this.fixture.api.close();
		assertThat(this.fixture.api.inferAll(requests(6))).extracting(InferenceResult::failure)
			.hasOnlyElementsOfType(InferenceCancelledException.class);
	}

	@Test
	void callsAreSharedWithOthers() {
		this.fixture.standIn.hold();
		CompletableFuture<InferenceResponse> single = this.fixture.api.inferAsync(request("Question 0."));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 1);
		CompletableFuture<List<InferenceResult>> bulk = CompletableFuture
			.supplyAsync(() -> this.fixture.api.inferAll(requests(3)));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 3);
		this.fixture.standIn.release();
		assertThat(bulk.join().get(0).orElseThrow().raw()).isEqualTo(single.join().raw());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
	}

	@Test
	void streamIsTakenFromWhenItIsSoonItsTurn() {
		AtomicInteger taken = new AtomicInteger();
		this.fixture.standIn.hold();
		List<InferenceResult> results = new ArrayList<>();
		CompletableFuture<Void> bulk = CompletableFuture.runAsync(() -> this.fixture.api
			.inferEach(requests(5000).stream().peek((request) -> taken.incrementAndGet()), results::add));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == InferenceFixture.MAX_CONCURRENCY);
		assertThat(taken).hasValueLessThanOrEqualTo(2000);
		this.fixture.standIn.release();
		bulk.join();
		assertThat(results).hasSize(5000).allMatch(InferenceResult::succeeded);
		assertThat(results).extracting(InferenceResult::request).containsExactlyInAnyOrderElementsOf(requests(5000));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(5000);
	}

	@Test
	void duplicatesInAStreamAreAskedOnce() {
		List<InferenceResult> results = new ArrayList<>();
		this.fixture.api.inferEach(IntStream.range(0, 5000).mapToObj((i) -> request("Question " + i % 1500)),
				results::add);
		assertThat(results).hasSize(5000).allMatch(InferenceResult::succeeded);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(1500);
	}

	@Test
	void onlySoManyDuplicatesAreTakenWhileTheirCallIsUnderWay() throws Exception {
		AtomicInteger taken = new AtomicInteger();
		AtomicInteger underWay = new AtomicInteger();
		AtomicInteger answered = new AtomicInteger();
		this.fixture.standIn.hold();
		Thread bulk = new Thread(() -> this.fixture.api.inferEach(
				Stream.generate(() -> request("Hello"))
					.limit(40_000)
					.peek((request) -> underWay.accumulateAndGet(taken.incrementAndGet() - answered.get(), Math::max)),
				(result) -> answered.incrementAndGet()));
		bulk.start();
		Awaitility.await().until(() -> taken.get() >= 10_000 && bulk.getState() == Thread.State.WAITING);
		this.fixture.standIn.release();
		bulk.join();
		assertThat(answered).hasValue(40_000);
		assertThat(underWay).hasValueLessThan(20_000);
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void whoTakesResultsMayEndAllAndLosesNothing() {
		assertThatIllegalStateException()
			.isThrownBy(() -> this.fixture.api.inferEach(requests(100).stream(), (result) -> {
				throw new IllegalStateException("consumer");
			}));
		int asked = this.fixture.standIn.requestCount();
		assertThat(asked).isBetween(1, 99);
		assertThat(this.fixture.statistics().writes()).isPositive();
	}

	@Test
	void streamThatFailsOrHoldsNullEndsAll() {
		List<InferenceResult> results = new ArrayList<>();
		assertThatIllegalStateException().isThrownBy(() -> this.fixture.api
			.inferEach(requests(5).stream().map(BulkRunTests::unlessItIsTheThird), results::add));
		assertThatNullPointerException()
			.isThrownBy(() -> this.fixture.api.inferEach(requests(1).stream().map(BulkRunTests::none), results::add));
		assertThat(results).isEmpty();
	}

	@Test
	void emptyStreamHasNoResults() {
		List<InferenceResult> results = new ArrayList<>();
		this.fixture.api.inferEach(Stream.of(), results::add);
		assertThat(results).isEmpty();
	}

	@SuppressWarnings("NullAway") // What a caller must not do
	private static InferenceRequest none(InferenceRequest request) {
		return null;
	}

	private static InferenceRequest unlessItIsTheThird(InferenceRequest request) {
		if (request.equals(requests(5).get(2))) {
			throw new IllegalStateException("third");
		}
		return request;
	}

	private static List<InferenceRequest> requests(int count) {
		return IntStream.range(0, count).mapToObj((i) -> request("Question " + i + ".")).toList();
	}

}
