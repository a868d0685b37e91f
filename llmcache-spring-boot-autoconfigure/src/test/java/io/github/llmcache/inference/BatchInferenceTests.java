package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceBatch;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.Progress;
import io.github.llmcache.ProviderBatch;
import io.github.llmcache.ProviderTimeoutException;
import io.github.llmcache.ProviderUnavailableException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ToolCallback;
import io.github.llmcache.UnknownProviderException;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInBatches.Fate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.llmcache.inference.BatchFixture.CLAUDE;
import static io.github.llmcache.inference.BatchFixture.MODEL;
import static io.github.llmcache.inference.BatchFixture.builder;
import static io.github.llmcache.inference.BatchFixture.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DefaultBatchInferenceApi}, over real HTTP, a real database and a real
 * journal.
 */
class BatchInferenceTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@SuppressWarnings("NullAway.Init")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	BatchFixture fixture;

	@BeforeEach
	void start() {
		this.fixture = new BatchFixture(this.directory);
	}

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.fixture.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void everyAnswerIsAtItsOwnRequestAndReplayed(String model) {
		this.fixture.batches.end();
		List<InferenceRequest> requests = requests(model, 1200);
		List<InferenceResult> first = this.fixture.api.inferAll(requests);
		assertAnswered(first, requests);
		assertThat(first).extracting((result) -> result.orElseThrow().source()).containsOnly(Source.PROVIDER);
		assertThat(this.fixture.batches.questions()).singleElement()
			.satisfies((asked) -> assertThat(asked).hasSize(1200));
		assertThat(this.fixture.journalFiles()).isEmpty();
		this.fixture.restart();
		int calls = this.fixture.standIn.requestCount();
		List<InferenceResult> second = this.fixture.api.inferAll(requests);
		assertThat(second).extracting((result) -> result.orElseThrow().raw())
			.isEqualTo(first.stream().map((result) -> result.orElseThrow().raw()).toList());
		assertThat(second).extracting((result) -> result.orElseThrow().source()).containsOnly(Source.CACHE);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(calls);
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void hitInOneWayIsAHitInTheOther(String model) {
		this.fixture.batches.end();
		List<InferenceRequest> requests = requests(model, 3);
		InferenceResponse online = this.fixture.online.infer(requests.get(1));
		List<InferenceResult> results = this.fixture.api.inferAll(requests);
		assertThat(results.get(1).orElseThrow().source()).isEqualTo(Source.CACHE);
		assertThat(results.get(1).orElseThrow().raw()).isEqualTo(online.raw());
		assertThat(this.fixture.batches.questions()).containsExactly(List.of("Question 0", "Question 2"));
		InferenceResponse hit = this.fixture.online.infer(requests.get(2));
		assertThat(hit.source()).isEqualTo(Source.CACHE);
		assertThat(hit.raw()).isEqualTo(results.get(2).orElseThrow().raw());
	}

	@Test
	void costIsThatOfABatch() {
		this.fixture.batches.end();
		InferenceRequest request = requests(1).get(0);
		InferenceResponse response = this.fixture.api.inferAll(List.of(request)).get(0).orElseThrow();
		BigDecimal expected = new BigDecimal("0.00011");
		assertThat(response.cost()).isEqualByComparingTo(expected);
		assertThat(this.fixture.cache.statistics().total().spentNanos()).isEqualTo(110_000);
		assertThat(response.requestId()).startsWith("req_");
		assertThat(this.fixture.online.infer(request).savedCost()).isEqualByComparingTo(expected);
	}

	@Test
	void duplicatesAreSentOnce() {
		this.fixture.batches.end();
		List<InferenceRequest> requests = new ArrayList<>(requests(5));
		requests.addAll(requests(5));
		requests.add(builder(MODEL, "Question 0").cacheControl(CacheControl.DEFAULT.withNoStore()).build());
		List<InferenceResult> results = this.fixture.api.inferAll(requests);
		assertAnswered(results, requests);
		assertThat(this.fixture.batches.questions()).singleElement().satisfies((asked) -> assertThat(asked).hasSize(5));
		assertThat(results).filteredOn((result) -> result.orElseThrow().source() == Source.PROVIDER).hasSize(5);
		assertThat(this.fixture.cache.statistics().total().spentNanos()).isEqualTo(5 * 110_000);
	}

	@Test
	void modelsOfOpenAiAreInBatchesOfTheirOwn() {
		this.fixture.batches.end();
		List<InferenceRequest> requests = new ArrayList<>(requests(3));
		requests.addAll(requests("gpt-other", 2));
		requests.addAll(requests(CLAUDE, 2));
		requests.addAll(requests("claude-other", 2));
		assertAnswered(this.fixture.api.inferAll(requests), requests);
		assertThat(this.fixture.batches.questions()).extracting(List::size).containsExactlyInAnyOrder(3, 2, 4);
	}

	@Test
	void failedAndExpiredItemsAreFailuresAndAskedAgain() {
		this.fixture.batches.end().fates((question) -> switch (question) {
			case "Question 1" -> Fate.FAILED;
			case "Question 2" -> Fate.EXPIRED;
			case "Question 3" -> Fate.FORGOTTEN;
			default -> Fate.ANSWERED;
		});
		List<InferenceResult> results = this.fixture.api.inferAll(requests(6));
		assertThat(results.get(1).failure()).isInstanceOf(ProviderUnavailableException.class)
			.hasMessageContaining("status 500");
		assertThat(results.get(2).failure()).isInstanceOf(ProviderTimeoutException.class)
			.hasMessageContaining("expired");
		assertThat(results.get(3).failure()).hasMessageContaining("without a result");
		assertThat(results).filteredOn(InferenceResult::succeeded).hasSize(3);
		assertThat(this.fixture.journalFiles()).isEmpty();
		this.fixture.batches.fates((question) -> Fate.ANSWERED);
		assertAnswered(this.fixture.api.inferAll(requests(6)), requests(6));
		assertThat(this.fixture.batches.questions().get(1)).containsExactly("Question 1", "Question 2", "Question 3");
	}

	@Test
	void failuresOfAnthropicAreToldApart() {
		this.fixture.batches.end().fates((question) -> switch (question) {
			case "Question 1" -> Fate.FAILED;
			case "Question 2" -> Fate.EXPIRED;
			default -> Fate.ANSWERED;
		});
		List<InferenceResult> results = this.fixture.api.inferAll(requests(CLAUDE, 4));
		assertThat(results.get(1).failure()).isInstanceOf(OverloadedException.class);
		assertThat(results.get(2).failure()).isInstanceOf(ProviderTimeoutException.class);
		assertThat(results).filteredOn(InferenceResult::succeeded).hasSize(2);
	}

	@Test
	void batchThatFailsAsAWholeFailsItsItemsWithTheReason() {
		this.fixture.batches.end("failed");
		List<InferenceResult> results = this.fixture.api.inferAll(requests(3));
		assertThat(results).extracting(InferenceResult::failure).hasOnlyElementsOfType(RateLimitException.class);
		assertThat(results.get(0).failure()).hasMessageContaining("token_limit_exceeded");
		this.fixture.batches.end();
		assertAnswered(this.fixture.api.inferAll(requests(3)), requests(3));
		assertThat(this.fixture.batches.ids()).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void batchUnderWaySurvivesTheApplication(String model) {
		List<InferenceRequest> requests = requests(model, 10);
		InferenceBatch submitted = this.fixture.api.submit(requests);
		assertThat(submitted.poll()).isFalse();
		assertThat(this.fixture.journalFiles()).singleElement()
			.satisfies((file) -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
				.isEqualTo("rw-------"));
		this.fixture.restart();
		assertThat(this.fixture.api.underWay()).isEqualTo(submitted.batches())
			.singleElement()
			.extracting(ProviderBatch::requests)
			.isEqualTo(10);
		InferenceBatch attached = this.fixture.api.submit(requests);
		assertThat(attached.batches()).isEqualTo(submitted.batches());
		this.fixture.batches.end();
		assertAnswered(attached.await(), requests);
		assertThat(attached.batches()).isEmpty();
		assertThat(attached.poll()).isTrue();
		assertThat(this.fixture.batches.ids()).hasSize(1);
		assertThat(this.fixture.api.underWay()).isEmpty();
		assertThat(this.fixture.journalFiles()).isEmpty();
	}

	@Test
	void onlyWhatIsInNoBatchIsSent() {
		this.fixture.api.submit(requests(5));
		this.fixture.restart();
		InferenceBatch second = this.fixture.api.submit(requests(8));
		assertThat(second.batches()).hasSize(2);
		assertThat(this.fixture.batches.questions().get(1)).containsExactly("Question 5", "Question 6", "Question 7");
		this.fixture.batches.end();
		assertAnswered(second.await(), requests(8));
	}

	@Test
	void restOfABatchIsKeptForWhoeverAsksForIt() {
		this.fixture.api.submit(requests(1500));
		this.fixture.batches.end();
		assertAnswered(this.fixture.api.inferAll(requests(1499)), requests(1499));
		assertThat(this.fixture.api.underWay()).singleElement().extracting(ProviderBatch::requests).isEqualTo(1);
		this.fixture.restart();
		assertAnswered(this.fixture.api.inferAll(requests(1500)), requests(1500));
		assertThat(this.fixture.batches.ids()).hasSize(1);
		assertThat(this.fixture.api.underWay()).isEmpty();
	}

	@Test
	void requestsThatAskForANewAnswerWaitForTheBatchUnderWayToo() {
		InferenceRequest request = builder(MODEL, "Question 0").cacheControl(CacheControl.DEFAULT.withNoCache())
			.build();
		this.fixture.api.submit(List.of(request));
		this.fixture.restart();
		this.fixture.batches.end();
		assertAnswered(this.fixture.api.inferAll(List.of(request)), List.of(request));
		assertThat(this.fixture.batches.ids()).hasSize(1);
		this.fixture.api.inferAll(List.of(request));
		assertThat(this.fixture.batches.ids()).hasSize(2);
	}

	@Test
	void cacheControlIsObeyed() {
		this.fixture.batches.end();
		InferenceRequest notStored = builder(MODEL, "Not stored").cacheControl(CacheControl.DEFAULT.withNoStore())
			.build();
		InferenceRequest onlyCached = builder(MODEL, "Only cached")
			.cacheControl(CacheControl.DEFAULT.withOnlyIfCached())
			.build();
		InferenceRequest elsewhere = builder(MODEL, "Question 0")
			.cacheControl(CacheControl.DEFAULT.withNamespace("other"))
			.build();
		List<InferenceResult> results = this.fixture.api
			.inferAll(List.of(requests(1).get(0), notStored, onlyCached, elsewhere));
		assertThat(results.get(1).orElseThrow().text()).isEqualTo("Answer to Not stored");
		assertThat(results.get(2).failure()).isInstanceOf(CacheMissException.class);
		assertThat(this.fixture.batches.questions()).containsExactly(List.of("Question 0", "Not stored", "Question 0"));
		assertThat(this.fixture.online.infer(elsewhere).cached()).isTrue();
		assertThat(this.fixture.online.infer(builder(MODEL, "Not stored").build()).cached()).isFalse();
	}

	@Test
	void requestsThatCannotBeSentAreFailuresOfTheirOwn() {
		this.fixture.batches.end();
		List<InferenceResult> results = this.fixture.api.inferAll(List.of(requests(1).get(0),
				builder("unknown-model", "Hello").build(), builder(MODEL, "Hello \ud800").build()));
		assertThat(results.get(0).succeeded()).isTrue();
		assertThat(results.get(1).failure()).isInstanceOf(UnknownProviderException.class);
		assertThat(results.get(2).failure()).hasMessageContaining("lone surrogate");
	}

	@Test
	void nothingIsSentOrTouchedForNothing() {
		List<Progress.Update> updates = new ArrayList<>();
		assertThat(this.fixture.api.inferAll(List.of(), updates::add)).isEmpty();
		assertThat(updates).extracting(Progress.Update::total).containsExactly(0);
		assertThat(this.fixture.journal()).doesNotExist();
		assertThat(this.fixture.api.underWay()).isEmpty();
	}

	@Test
	void progressAddsUp() {
		this.fixture.online.infer(requests(1).get(0));
		this.fixture.batches.fates((question) -> question.equals("Question 1") ? Fate.FAILED : Fate.ANSWERED);
		List<Progress.Update> updates = new ArrayList<>();
		this.fixture.api.inferAll(requests(9), (update) -> {
			updates.add(update);
			if (update.completed() > 1) {
				this.fixture.batches.end();
			}
		});
		assertThat(updates).extracting(Progress.Update::completed).isSorted().contains(1, 5, 9);
		Progress.Update last = updates.get(updates.size() - 1);
		assertThat(last.hits()).isOne();
		assertThat(last.misses()).isEqualTo(7);
		assertThat(last.failures()).isOne();
		assertThat(last.spent()).isEqualByComparingTo("0.00077");
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void cancelledBatchFailsWhatWasNotAnswered(String model) {
		InferenceBatch batch = this.fixture.api.submit(requests(model, 3));
		batch.cancel();
		List<InferenceResult> results = batch.await();
		assertThat(results.get(0).orElseThrow().text()).isEqualTo("Answer to Question 0");
		assertThat(results).extracting(InferenceResult::failure)
			.filteredOn((failure) -> failure instanceof InferenceCancelledException)
			.hasSize(2);
		batch.cancel();
		assertThat(this.fixture.api.underWay()).isEmpty();
	}

	@Test
	void batchOfAnotherProcessCanBeCancelled() {
		this.fixture.api.submit(requests(2));
		this.fixture.restart();
		this.fixture.api.cancel(this.fixture.api.underWay().get(0));
		List<InferenceResult> results = this.fixture.api.inferAll(requests(2));
		assertThat(results.get(0).succeeded()).isTrue();
		assertThat(results.get(1).failure()).isInstanceOf(InferenceCancelledException.class);
		assertThatExceptionOfType(UnknownProviderException.class)
			.isThrownBy(() -> this.fixture.api.cancel(new ProviderBatch("nobody", "batch_1", 1, Instant.EPOCH)));
	}

	@Test
	void interruptionEndsTheWaitAndNotTheBatch() throws Exception {
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread thread = new Thread(() -> {
			try {
				this.fixture.api.inferAll(requests(2));
			}
			catch (InferenceCancelledException ex) {
				failure.set(Thread.currentThread().isInterrupted() ? ex : null);
			}
		});
		thread.start();
		Awaitility.await().until(() -> this.fixture.batches.pollCount() > 2);
		thread.interrupt();
		thread.join();
		assertThat(failure.get()).isInstanceOf(InferenceCancelledException.class);
		this.fixture.batches.end();
		assertAnswered(this.fixture.api.inferAll(requests(2)), requests(2));
		assertThat(this.fixture.batches.ids()).hasSize(1);
	}

	@Test
	void clockThatIsSetBackDoesNotMakeTheWaitLonger() {
		this.fixture.fast = Duration.ofDays(3650);
		InferenceBatch batch = this.fixture.api.submit(requests(2));
		this.fixture.fast = Duration.ZERO;
		this.fixture.batches.end();
		assertAnswered(batch.await(), requests(2));
	}

	@Test
	void closedApiEndsTheWait() {
		InferenceBatch batch = this.fixture.api.submit(requests(2));
		CompletableFuture<List<InferenceResult>> waiting = CompletableFuture.supplyAsync(batch::await, this.threads);
		Awaitility.await().until(() -> this.fixture.batches.pollCount() > 2);
		this.fixture.api.close();
		assertThatExceptionOfType(Exception.class).isThrownBy(waiting::get)
			.withCauseInstanceOf(InferenceCancelledException.class);
	}

	@Test
	void twoWhoAskTheSameAtTheSameTimePayOnce() {
		CompletableFuture<List<InferenceResult>> one = CompletableFuture
			.supplyAsync(() -> this.fixture.api.inferAll(requests(20)), this.threads);
		CompletableFuture<List<InferenceResult>> other = CompletableFuture
			.supplyAsync(() -> this.fixture.api.inferAll(requests(20)), this.threads);
		Awaitility.await().until(() -> this.fixture.batches.pollCount() > 5);
		this.fixture.batches.end();
		assertAnswered(one.join(), requests(20));
		assertAnswered(other.join(), requests(20));
		assertThat(this.fixture.batches.ids()).hasSize(1);
		assertThat(this.fixture.cache.statistics().total().spentNanos()).isEqualTo(20 * 110_000);
	}

	@Test
	void twoWhoWaitForTheSameBatchCountAndStoreItOnce() throws Exception {
		this.fixture.api.submit(requests(3));
		CountDownLatch latch = new CountDownLatch(1);
		this.fixture.batches.results((reply) -> reply.after(latch));
		this.fixture.batches.end();
		CompletableFuture<List<InferenceResult>> first = CompletableFuture
			.supplyAsync(() -> this.fixture.api.inferAll(requests(3)), this.threads);
		Awaitility.await()
			.until(() -> this.fixture.standIn.requests()
				.stream()
				.anyMatch((request) -> request.path().endsWith("/content")));
		try (DefaultBatchInferenceApi other = this.fixture.api()) {
			int polls = this.fixture.batches.pollCount();
			CompletableFuture<List<InferenceResult>> second = CompletableFuture
				.supplyAsync(() -> other.inferAll(requests(3)), this.threads);
			Awaitility.await().until(() -> this.fixture.batches.pollCount() > polls);
			latch.countDown();
			assertAnswered(first.get(), requests(3));
			assertAnswered(second.get(), requests(3));
		}
		assertThat(this.fixture.batches.ids()).hasSize(1);
		assertThat(this.fixture.cache.statistics().total().spentNanos()).isEqualTo(3 * 110_000);
		int calls = this.fixture.standIn.requestCount();
		assertThat(this.fixture.online.infer(requests(1).get(0).toBuilder().n(2).build()).samples()).hasSize(2);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(calls + 1);
	}

	@Test
	void pollThatFailsIsTriedAgain() {
		InferenceBatch batch = this.fixture.api.submit(requests(2));
		this.fixture.standIn.enqueue(Reply.html(502), Reply.disconnect(), Reply.rateLimited("0"), Reply.ok("{}"));
		this.fixture.batches.end();
		assertAnswered(batch.await(), requests(2));
	}

	@Test
	void requestsThatTakeSeveralCallsFailAlone() {
		this.fixture.batches.end();
		ToolCallback tool = ToolCallback.of("now", "The time", "{\"type\":\"object\"}", (arguments) -> "noon");
		List<InferenceResult> results = this.fixture.api.inferAll(List.of(builder(MODEL, "Tools").tools(tool).build(),
				builder(MODEL, "Valid").isValid((sample) -> true).build(), builder(MODEL, "Two").n(2).build(),
				builder(MODEL, "Second").sample(1).build(),
				builder(MODEL, "Two, new").n(2).cacheControl(CacheControl.DEFAULT.withNoCache()).build(),
				requests(1).get(0)));
		assertThat(results.subList(0, 5)).extracting(InferenceResult::failure)
			.allSatisfy((failure) -> assertThat(failure).isInstanceOf(InvalidRequestException.class)
				.hasMessageContaining("InferenceApi instead"));
		assertThat(results.get(2).failure()).hasMessageContaining("not all of these samples are stored");
		assertThat(results.get(5).succeeded()).isTrue();
		assertThat(this.fixture.batches.questions()).containsExactly(List.of("Question 0"));
		assertThat(this.fixture.journalFiles()).isEmpty();
	}

	@Test
	void samplesThatAreStoredAreHits() {
		this.fixture.standIn.varyAnswers();
		InferenceRequest two = builder(MODEL, "Two").n(2).build();
		InferenceResponse online = this.fixture.online.infer(two);
		int calls = this.fixture.standIn.requestCount();
		List<InferenceResult> results = this.fixture.api
			.inferAll(List.of(two, builder(MODEL, "Two").sample(1).build(), builder(MODEL, "Two").n(3).build()));
		assertThat(results.get(0).orElseThrow().source()).isEqualTo(Source.CACHE);
		assertThat(results.get(0).orElseThrow().samples()).isEqualTo(online.samples()).hasSize(2);
		assertThat(results.get(1).orElseThrow().samples()).isEqualTo(online.samples().subList(1, 2));
		assertThat(results.get(2).failure()).isInstanceOf(InvalidRequestException.class);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(calls);
	}

	@Test
	void samplesThatAreNotStoredAreAMissIfOnlyTheCacheIsToBeAsked() {
		InferenceRequest two = builder(MODEL, "Two").n(2).cacheControl(CacheControl.DEFAULT.withOnlyIfCached()).build();
		assertThat(this.fixture.api.inferAll(List.of(two)).get(0).failure()).isInstanceOf(CacheMissException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "openai-responses", "openai-completions" })
	void otherProtocolsOfOpenAiHaveBatchesToo(String protocol) {
		this.fixture.close();
		this.fixture = new BatchFixture(this.directory, protocol);
		boolean plain = protocol.equals("openai-completions");
		List<InferenceRequest> requests = IntStream.range(0, 20)
			.mapToObj((i) -> plain ? InferenceRequest.builder(MODEL).none("Question " + i).build()
					: builder(MODEL, "Question " + i).build())
			.toList();
		InferenceResponse online = this.fixture.online.infer(requests.get(7));
		this.fixture.api.submit(requests);
		this.fixture.restart();
		this.fixture.batches.fates((question) -> Fate.ANSWERED).end();
		List<InferenceResult> results = this.fixture.api.inferAll(requests);
		assertThat(results.get(7).orElseThrow().raw()).isEqualTo(online.raw());
		List<InferenceResult> received = new ArrayList<>(results);
		received.remove(7);
		List<InferenceRequest> asked = new ArrayList<>(requests);
		asked.remove(7);
		assertAnswered(received, asked);
		assertThat(this.fixture.batches.questions()).singleElement()
			.satisfies((questions) -> assertThat(questions).hasSize(19).doesNotContain("Question 7"));
		assertThat(this.fixture.journalFiles()).isEmpty();
		int calls = this.fixture.standIn.requestCount();
		assertThat(this.fixture.online.infer(requests.get(3)).raw()).isEqualTo(results.get(3).orElseThrow().raw());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(calls);
	}

	@Test
	void requestThatLeansOnWhatTheProviderKeepsFailsAlone() {
		this.fixture.close();
		this.fixture = new BatchFixture(this.directory, "openai-responses");
		this.fixture.batches.end();
		List<InferenceResult> results = this.fixture.api
			.inferAll(List.of(builder(MODEL, "Stored").parameter("store", true).build(),
					builder(MODEL, "Go on").parameter("previous_response_id", "resp_1").build(), requests(1).get(0)));
		assertThat(results.subList(0, 2)).extracting(InferenceResult::failure)
			.allSatisfy((failure) -> assertThat(failure).isInstanceOf(InvalidRequestException.class)
				.hasMessageContaining("what the provider keeps"));
		assertThat(results.get(2).succeeded()).isTrue();
		assertThat(this.fixture.batches.questions()).containsExactly(List.of("Question 0"));
	}

	private static void assertAnswered(List<InferenceResult> results, List<InferenceRequest> requests) {
		assertThat(results).extracting(InferenceResult::request).isEqualTo(requests);
		for (InferenceResult result : results) {
			assertThat(result.orElseThrow().text())
				.isEqualTo("Answer to " + result.request().prompt().messages().get(0).text());
		}
	}

}
