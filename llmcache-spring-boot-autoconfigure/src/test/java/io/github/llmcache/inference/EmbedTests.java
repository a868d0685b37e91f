package io.github.llmcache.inference;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import io.github.llmcache.Embedding;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.EmbeddingResponse;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.UnknownProviderException;
import io.github.llmcache.Usage;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import io.github.llmcache.provider.StandInTexts;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for embeddings, over real HTTP and a real database.
 */
class EmbedTests extends AbstractInferenceTests {

	private static final String MODEL = "text-embedding-3-small";

	private static final int DIMENSIONS = 4;

	/** Of $0.02 for a million. */
	private static final long NANOS_PER_TOKEN = 20;

	@Test
	void vectorsAreInTheOrderOfTheTextsAndReplayed() {
		List<String> texts = List.of("one", "two", "three");
		EmbeddingResponse first = this.fixture.api.embed(MODEL, texts, DIMENSIONS);
		this.fixture.restart();
		EmbeddingResponse second = this.fixture.api.embed(MODEL, texts, DIMENSIONS);
		assertThat(first.embeddings()).isEqualTo(vectors(texts));
		assertThat(second.embeddings()).isEqualTo(vectors(texts));
		assertThat(this.fixture.standIn.requestCount()).isOne();
		assertThat(first.provider()).isEqualTo("openai");
		assertThat(first.model()).isEqualTo(MODEL);
		assertThat(first.hits()).isZero();
		assertThat(first.misses()).isEqualTo(3);
		assertThat(second.hits()).isEqualTo(3);
		assertThat(second.misses()).isZero();
		assertThat(second.usage()).isEqualTo(first.usage()).isEqualTo(Usage.of(tokens(texts), 0));
	}

	@Test
	void oneNewTextIsAskedForAlone() {
		this.fixture.api.embed(MODEL, List.of("one", "two", "three"), DIMENSIONS);
		EmbeddingResponse response = this.fixture.api.embed(MODEL, List.of("one", "new", "three"), DIMENSIONS);
		assertThat(response.embeddings()).isEqualTo(vectors(List.of("one", "new", "three")));
		assertThat(response.hits()).isEqualTo(2);
		assertThat(response.misses()).isOne();
		assertThat(asked()).containsExactly(List.of("one", "two", "three"), List.of("new"));
	}

	@Test
	void moneyIsCountedOnceWhereItIsSpentAndOnceWhereItIsSaved() {
		List<String> texts = Stream.of(1, 2, 3, 50, 99).map("x"::repeat).toList();
		long nanos = NANOS_PER_TOKEN * tokens(texts);
		EmbeddingResponse first = this.fixture.api.embed(MODEL, texts, DIMENSIONS);
		assertThat(first.cost()).isEqualByComparingTo(BigDecimal.valueOf(nanos, 9));
		assertThat(first.savedCost()).isZero();
		assertThat(this.fixture.statistics().spentNanos()).isEqualTo(nanos);
		assertThat(this.fixture.statistics().misses()).isEqualTo(5);
		assertThat(this.fixture.statistics().writes()).isEqualTo(5);
		assertThat(this.fixture.cache.size()).singleElement()
			.satisfies((size) -> assertThat(size.costNanos()).isEqualTo(nanos));
		this.fixture.restart();
		EmbeddingResponse second = this.fixture.api.embed(MODEL, texts, DIMENSIONS);
		assertThat(second.cost()).isZero();
		assertThat(second.savedCost()).isEqualByComparingTo(BigDecimal.valueOf(nanos, 9));
		assertThat(this.fixture.statistics().spentNanos()).isZero();
		assertThat(this.fixture.statistics().savedNanos()).isEqualTo(nanos);
		assertThat(this.fixture.statistics().savedTokens()).isEqualTo(tokens(texts));
		assertThat(this.fixture.statistics().hits()).isEqualTo(5);
		BigDecimal apart = texts.stream()
			.map((text) -> this.fixture.api.embed(MODEL, List.of(text), DIMENSIONS).savedCost())
			.reduce(BigDecimal.ZERO, BigDecimal::add);
		assertThat(apart).isEqualByComparingTo(BigDecimal.valueOf(nanos, 9));
	}

	@Test
	void costIsUnknownIfThePriceIs() {
		EmbeddingResponse first = this.fixture.api.embed("text-embedding-unknown", List.of("one"), DIMENSIONS);
		EmbeddingResponse second = this.fixture.api.embed("text-embedding-unknown", List.of("one", "two"), DIMENSIONS);
		assertThat(first.cost()).isNull();
		assertThat(first.savedCost()).isZero();
		assertThat(second.cost()).isNull();
		assertThat(second.savedCost()).isNull();
		assertThat(this.fixture.statistics().unpricedCalls()).isEqualTo(2);
	}

	@Test
	void costIsUnknownIfTheProviderDoesNotCount() {
		this.fixture.standIn
			.answer((received) -> Reply.ok("{\"data\": [{\"index\": 0, \"embedding\": [1, 0, 0, 0]}]}"));
		assertThat(this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS).cost()).isNull();
		assertThat(this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS).savedCost()).isNull();
	}

	@Test
	void reportedCostIsTheCost() {
		this.fixture.standIn.answer((received) -> Reply.ok("""
				{"data": [{"index": 1, "embedding": [1, 0, 0, 0]}, {"index": 0, "embedding": [0, 1, 0, 0]}],
				  "usage": {"prompt_tokens": 4, "total_tokens": 4, "cost": 0.000000007}}"""));
		EmbeddingResponse response = this.fixture.api.embed(MODEL, List.of("one", "two"), DIMENSIONS);
		assertThat(response.cost()).isEqualByComparingTo("0.000000007");
		assertThat(this.fixture.api.embed(MODEL, List.of("two", "one"), DIMENSIONS).savedCost())
			.isEqualByComparingTo("0.000000007");
	}

	@Test
	void duplicatesAreAskedOnce() {
		List<String> texts = List.of("one", "two", "one", "one");
		EmbeddingResponse first = this.fixture.api.embed(MODEL, texts, DIMENSIONS);
		assertThat(asked()).containsExactly(List.of("one", "two"));
		assertThat(first.embeddings()).isEqualTo(vectors(texts));
		assertThat(first.misses()).isEqualTo(2);
		assertThat(first.hits()).isEqualTo(2);
		assertThat(first.cost()).isEqualByComparingTo(BigDecimal.valueOf(2 * NANOS_PER_TOKEN, 9));
		assertThat(first.savedCost()).isEqualByComparingTo(BigDecimal.valueOf(2 * NANOS_PER_TOKEN, 9));
		assertThat(this.fixture.statistics().coalesced()).isEqualTo(2);
		assertThat(this.fixture.statistics().savedNanos()).isEqualTo(2 * NANOS_PER_TOKEN);
	}

	@Test
	void noTextsAreNoCall() {
		EmbeddingResponse response = this.fixture.api.embed(MODEL, List.of());
		assertThat(response.embeddings()).isEmpty();
		assertThat(response.usage()).isEqualTo(Usage.NONE);
		assertThat(response.cost()).isZero();
		assertThat(this.fixture.standIn.requestCount()).isZero();
	}

	@Test
	void textsAreSplitByTheirNumber() {
		List<String> texts = IntStream.range(0, 2 * StandInTexts.MAX_TEXTS + 1).mapToObj((i) -> "text " + i).toList();
		EmbeddingResponse response = this.fixture.api.embed(MODEL, texts, DIMENSIONS);
		assertThat(response.embeddings()).isEqualTo(vectors(texts));
		assertThat(asked()).extracting(List::size)
			.containsExactlyInAnyOrder(StandInTexts.MAX_TEXTS, StandInTexts.MAX_TEXTS, 1);
		assertThat(response.cost()).isEqualByComparingTo(BigDecimal.valueOf(NANOS_PER_TOKEN * tokens(texts), 9));
		this.fixture.restart();
		List<String> reversed = new ArrayList<>(texts);
		Collections.reverse(reversed);
		EmbeddingResponse hits = this.fixture.api
			.embed(request(reversed, (builder) -> builder.dimensions(DIMENSIONS).textsPerCall(7)));
		assertThat(hits.embeddings()).isEqualTo(vectors(reversed));
		assertThat(hits.savedCost()).isEqualByComparingTo(response.cost());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
	}

	@Test
	void textsAreSplitByTheirTokens() {
		// A token a character would be the most that there can be
		List<String> texts = IntStream.range(0, 100).mapToObj((i) -> "%04d".formatted(i).repeat(2000)).toList();
		this.fixture.api.embed(MODEL, texts, DIMENSIONS);
		assertThat(asked()).hasSize(3)
			.allSatisfy((ofCall) -> assertThat(ofCall.stream().mapToInt(String::length).sum())
				.isLessThanOrEqualTo(StandInTexts.MAX_TOKENS));
	}

	@Test
	void textsAreSplitSoThatTheResponseIsAccepted() {
		List<String> texts = IntStream.range(0, 200).mapToObj((i) -> "text " + i).toList();
		this.fixture.standIn.answer(EmbedTests::withoutBase64);
		EmbeddingResponse response = this.fixture.api.embed(MODEL, texts);
		assertThat(response.embeddings()).extracting(Embedding::dimensions).containsOnly(1536);
		assertThat(response.embeddings().get(7)).isEqualTo(Embedding.of(StandInTexts.vector(MODEL, "text 7", 1536)));
		assertThat(this.fixture.standIn.requestCount()).isBetween(5, 10);
		assertThat(this.fixture.standIn.maxInFlight()).isLessThanOrEqualTo(InferenceFixture.MAX_CONCURRENCY);
	}

	private static @Nullable Reply withoutBase64(ReceivedRequest request) {
		StringBuilder data = new StringBuilder("{\"data\":[");
		JsonNode input = request.json().path("input");
		for (int i = 0; i < input.size(); i++) {
			data.append((i > 0) ? "," : "").append("{\"index\":").append(i).append(",\"embedding\":[");
			float[] vector = StandInTexts.vector(MODEL, input.get(i).asString(), 1536);
			for (int j = 0; j < vector.length; j++) {
				data.append((j > 0) ? "," : "").append((double) vector[j]);
			}
			data.append("]}");
		}
		return Reply.ok(data.append("]}").toString());
	}

	@Test
	void requestCanAskForFewerTextsPerCall() {
		List<String> texts = List.of("a", "b", "c", "d", "e");
		this.fixture.api.embed(request(texts, (builder) -> builder.dimensions(DIMENSIONS).textsPerCall(2)));
		assertThat(asked()).containsExactlyInAnyOrder(List.of("a", "b"), List.of("c", "d"), List.of("e"));
	}

	@Test
	void dimensionsModelAndParametersTellTextsApart() {
		this.fixture.api.embed(MODEL, List.of("one"), 4);
		this.fixture.api.embed(MODEL, List.of("one"), 5);
		this.fixture.api.embed("text-embedding-3-large", List.of("one"), 4);
		this.fixture.api
			.embed(request(List.of("one"), (builder) -> builder.dimensions(4).parameter("user", "somebody")));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(4);
	}

	@Test
	void noCacheAsksAgainAndReplacesTheEntries() {
		this.fixture.api.embed(MODEL, List.of("one"), 1);
		this.fixture.standIn.answer((received) -> Reply.ok("{\"data\": [{\"index\": 0, \"embedding\": [7]}]}"));
		EmbeddingResponse second = this.fixture.api.embed(request(List.of("one"),
				(builder) -> builder.dimensions(1).cacheControl(CacheControl.DEFAULT.withNoCache())));
		assertThat(second.hits()).isZero();
		assertThat(second.embeddings()).containsExactly(Embedding.of(7));
		assertThat(this.fixture.api.embed(MODEL, List.of("one"), 1).embeddings()).containsExactly(Embedding.of(7));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
	}

	@Test
	void noStoreStoresNothing() {
		EmbeddingRequest request = request(List.of("one"),
				(builder) -> builder.dimensions(DIMENSIONS).cacheControl(CacheControl.DEFAULT.withNoStore()));
		this.fixture.api.embed(request);
		assertThat(this.fixture.api.embed(request).misses()).isOne();
		assertThat(this.fixture.statistics().spentNanos()).isEqualTo(2 * NANOS_PER_TOKEN);
		assertThat(this.fixture.statistics().writes()).isZero();
	}

	@Test
	void onlyIfCachedDoesNotAsk() {
		this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS);
		UnaryOperator<EmbeddingRequest.Builder> only = (builder) -> builder.dimensions(DIMENSIONS)
			.cacheControl(CacheControl.DEFAULT.withOnlyIfCached());
		assertThat(this.fixture.api.embed(request(List.of("one"), only)).hits()).isOne();
		assertThatExceptionOfType(CacheMissException.class)
			.isThrownBy(() -> this.fixture.api.embed(request(List.of("one", "secret"), only)))
			.withMessageContaining("1 texts")
			.withMessageNotContaining("secret");
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void maxAgeAndNamespaceAreObeyed() {
		this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS);
		assertThat(embed(CacheControl.DEFAULT.withMaxAge(Duration.ofDays(1))).hits()).isOne();
		assertThat(embed(CacheControl.DEFAULT.withMaxAge(Duration.ZERO)).hits()).isZero();
		assertThat(embed(CacheControl.DEFAULT.withNamespace("other")).hits()).isZero();
		assertThat(embed(CacheControl.DEFAULT.withNamespace("other")).hits()).isOne();
	}

	private EmbeddingResponse embed(CacheControl cacheControl) {
		return this.fixture.api
			.embed(request(List.of("one"), (builder) -> builder.dimensions(DIMENSIONS).cacheControl(cacheControl)));
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 10_000_000 })
	void hitsAreCountedAlikeWithAndWithoutMemory(long memory) {
		try (InferenceFixture other = new InferenceFixture(this.directory.resolve("memory"), UnaryOperator.identity(),
				1, new MemorySettings(memory, Duration.ofMinutes(1)))) {
			List<String> texts = List.of("one", "two");
			other.api.embed(MODEL, texts, DIMENSIONS);
			for (int i = 1; i <= 3; i++) {
				EmbeddingResponse hit = other.api.embed(MODEL, texts, DIMENSIONS);
				assertThat(hit.embeddings()).isEqualTo(vectors(texts));
				assertThat(hit.savedCost()).isEqualByComparingTo(BigDecimal.valueOf(2 * NANOS_PER_TOKEN, 9));
				assertThat(hit.usage()).isEqualTo(Usage.of(2, 0));
				assertThat(other.statistics().hits()).isEqualTo(2 * i);
				assertThat(other.statistics().savedNanos()).isEqualTo(2 * NANOS_PER_TOKEN * i);
				assertThat(other.statistics().savedTokens()).isEqualTo(2 * i);
			}
			assertThat(other.standIn.requestCount()).isOne();
		}
	}

	@Test
	void failuresThatPassAreTriedAgain() {
		this.fixture.standIn.enqueue(Reply.rateLimited("0"),
				Reply.ok("{\"error\": {\"code\": 503, \"message\": \"busy\"}}"),
				Reply.ok("{\"data\": []}").cutOffAfter(5));
		assertThatExceptionOfType(MalformedResponseException.class)
			.isThrownBy(() -> this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
		this.fixture.standIn.enqueue(Reply.rateLimited("0"),
				Reply.ok("{\"data\": [{\"index\": 1, \"embedding\": [1, 2, 3, 4]}]}"));
		assertThat(this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS).embeddings())
			.isEqualTo(vectors(List.of("one")));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(6);
	}

	@Test
	void waitThatIsTooLongIsNotWaited() {
		this.fixture.standIn.enqueue(Reply.rateLimited("3600"));
		assertThatExceptionOfType(RateLimitException.class)
			.isThrownBy(() -> this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS))
			.satisfies((ex) -> assertThat(ex.getRetryAfter()).contains(Duration.ofHours(1)));
	}

	@Test
	void errorInsideASuccessIsAnError() {
		this.fixture.standIn.answer((received) -> Reply.ok("{\"error\": {\"code\": 503, \"message\": \"busy\"}}"));
		assertThatExceptionOfType(OverloadedException.class)
			.isThrownBy(() -> this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS));
	}

	@Test
	void textThatTheProviderRefusesIsItsErrorToTell() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.embed(MODEL, List.of("one", ""), DIMENSIONS))
			.satisfies((ex) -> assertThat(ex.getProviderMessage()).contains("$.input is invalid"));
	}

	@Test
	void whatOtherCallsAnsweredIsNotPaidAgain() {
		List<String> texts = List.of("a", "b", "c", "bad");
		UnaryOperator<EmbeddingRequest.Builder> apart = (builder) -> builder.dimensions(DIMENSIONS).textsPerCall(1);
		this.fixture.standIn.answer((received) -> {
			if (!received.text().contains("bad")) {
				return null;
			}
			Awaitility.await().until(() -> this.fixture.statistics().writes() == 3);
			return Reply.openAiError(400, "invalid_request_error", null, "no");
		});
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.embed(request(texts, apart)));
		assertThat(this.fixture.statistics().spentNanos()).isEqualTo(3 * NANOS_PER_TOKEN);
		this.fixture.standIn.answer((received) -> null);
		assertThat(this.fixture.api.embed(request(texts, apart)).misses()).isOne();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(5);
	}

	@Test
	void callsThatAreUnderWayWhenAnotherFailsAreStored() {
		List<String> texts = List.of("slow", "bad", "c", "d", "e", "f", "g", "h");
		UnaryOperator<EmbeddingRequest.Builder> apart = (builder) -> builder.dimensions(DIMENSIONS).textsPerCall(1);
		AtomicReference<@Nullable Boolean> failed = new AtomicReference<>();
		this.fixture.standIn.answer((received) -> {
			if (received.text().contains("bad")) {
				Awaitility.await().until(() -> this.fixture.standIn.inFlight() == InferenceFixture.MAX_CONCURRENCY);
				failed.set(true);
				return Reply.openAiError(400, "invalid_request_error", null, "no");
			}
			Awaitility.await().until(() -> failed.get() != null);
			return null;
		});
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.embed(request(texts, apart)));
		assertThat(this.fixture.standIn.inFlight()).isZero();
		assertThat(this.fixture.statistics().writes()).isEqualTo(this.fixture.standIn.requestCount() - 1L);
		assertThat(this.fixture.standIn.abandonedCount()).isZero();
	}

	@Test
	void providerWithoutEmbeddingsSaysSo() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.embed("claude-test", List.of("one")))
			.withMessageContaining("'anthropic'")
			.withMessageContaining("no embeddings");
		assertThatExceptionOfType(UnknownProviderException.class)
			.isThrownBy(() -> this.fixture.api.embed("llama-9", List.of("one")));
	}

	@Test
	void parameterThatHasNoKeyIsRefused() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.embed(request(List.of("one"),
					(builder) -> builder.parameter("seed", new BigDecimal(BigInteger.TEN, Integer.MIN_VALUE)))));
	}

	@Test
	void hitsNeedNoKey() {
		this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS);
		try (InferenceFixture withoutKey = new InferenceFixture(this.directory,
				(provider) -> provider.baseUrl(null).apiKey(null), 1)) {
			assertThat(withoutKey.api.embed(MODEL, List.of("one"), DIMENSIONS).hits()).isOne();
			assertThatExceptionOfType(UnknownProviderException.class)
				.isThrownBy(() -> withoutKey.api.embed(MODEL, List.of("two"), DIMENSIONS))
				.withMessageContaining("OPENAI_API_KEY");
		}
	}

	@Test
	void storedAnswerThatCannotBeReadIsAskedForAgain() {
		ProviderDefinition provider = ProviderDefinition.builder("openai", List.of(new OpenAiChatProtocol()))
			.cacheIdentity("openai")
			.build();
		TextPlanner planner = new TextPlanner(new ProviderRouter(List.of(provider)),
				new CacheDefaults("", CacheMode.READ_WRITE));
		TextCall call = planner.plan(request(List.of("one"), (builder) -> builder.dimensions(DIMENSIONS)));
		for (String body : List.of("{\"data\": []}", "{\"data\": [{\"index\": 0, \"embedding\": [1, 2]}]}", "no")) {
			this.fixture.cache.saveAll(List.of(new CacheWrite(planner.cacheRequest(call, "one"),
					new CachedResponse(body.getBytes(StandardCharsets.UTF_8), 1, 1, 0, NANOS_PER_TOKEN, "STOP",
							Instant.ofEpochMilli(0), Duration.ZERO, null))));
			EmbeddingResponse response = this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS);
			assertThat(response.misses()).isOne();
			assertThat(response.embeddings()).isEqualTo(vectors(List.of("one")));
		}
		assertThat(this.fixture.statistics().stale()).isEqualTo(3);
		assertThat(this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS).hits()).isOne();
	}

	@Test
	void cacheThatFailsDoesNotStopCalls() throws IOException {
		Files.delete(this.directory);
		Files.writeString(this.directory, "a file where the folder should be");
		assertThat(this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS).embeddings())
			.isEqualTo(vectors(List.of("one")));
		assertThat(this.fixture.api.embed(MODEL, List.of("one"), DIMENSIONS).misses()).isOne();
		Files.delete(this.directory);
	}

	@Test
	void identicalTextsInFlightAreAskedForOnce() {
		this.fixture.standIn.hold();
		List<CompletableFuture<EmbeddingResponse>> all = IntStream.range(0, 8)
			.mapToObj((i) -> async(List.of("one", "two")))
			.toList();
		Awaitility.await().until(() -> this.fixture.statistics().misses() == 16);
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 1);
		this.fixture.standIn.release();
		List<EmbeddingResponse> responses = all.stream().map(CompletableFuture::join).toList();
		assertThat(responses).extracting(EmbeddingResponse::embeddings).containsOnly(vectors(List.of("one", "two")));
		assertThat(this.fixture.standIn.requestCount()).isOne();
		assertThat(responses).extracting(EmbeddingResponse::misses).containsOnly(0, 2).containsOnlyOnce(2);
		assertThat(this.fixture.statistics().coalesced()).isEqualTo(14);
		assertThat(this.fixture.statistics().spentNanos()).isEqualTo(2 * NANOS_PER_TOKEN);
		assertThat(this.fixture.statistics().savedNanos()).isEqualTo(14 * NANOS_PER_TOKEN);
	}

	@Test
	void twoThatAskForEachOthersTextsDoNotWaitForEachOther() {
		this.fixture.standIn.hold();
		CompletableFuture<EmbeddingResponse> first = async(List.of("a", "b"));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 1);
		CompletableFuture<EmbeddingResponse> second = async(List.of("c", "b", "a"));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 2);
		CompletableFuture<EmbeddingResponse> third = async(List.of("a", "c", "d"));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 3);
		this.fixture.standIn.release();
		assertThat(first.join().embeddings()).isEqualTo(vectors(List.of("a", "b")));
		assertThat(second.join().embeddings()).isEqualTo(vectors(List.of("c", "b", "a")));
		assertThat(third.join().embeddings()).isEqualTo(vectors(List.of("a", "c", "d")));
		assertThat(asked()).containsExactly(List.of("a", "b"), List.of("c"), List.of("d"));
	}

	@Test
	void failureThatIsAboutAnotherTextIsNobodyElses() {
		this.fixture.standIn.hold();
		this.fixture.standIn.answer((received) -> received.text().contains("bad")
				? Reply.openAiError(400, "invalid_request_error", null, "no") : null);
		CompletableFuture<EmbeddingResponse> failing = async(List.of("good", "bad"));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 1);
		CompletableFuture<EmbeddingResponse> other = async(List.of("good"));
		Awaitility.await().until(() -> this.fixture.statistics().misses() == 3);
		this.fixture.standIn.release();
		assertThat(other.join().embeddings()).isEqualTo(vectors(List.of("good")));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(failing::join)
			.withCauseInstanceOf(InvalidRequestException.class);
	}

	@Test
	void interruptEndsTheCallsAndOthersGoOn() throws Exception {
		this.fixture.standIn.hold();
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		Thread thread = new Thread(() -> {
			try {
				this.fixture.api.embed(
						request(List.of("a", "b", "c"), (builder) -> builder.dimensions(DIMENSIONS).textsPerCall(1)));
			}
			catch (RuntimeException ex) {
				failure.set(ex);
			}
		});
		thread.start();
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 3);
		CompletableFuture<EmbeddingResponse> other = async(List.of("a", "b"));
		Awaitility.await().until(() -> this.fixture.statistics().misses() == 5);
		thread.interrupt();
		thread.join();
		assertThat(failure.get()).isInstanceOf(InferenceCancelledException.class);
		Awaitility.await().until(() -> this.fixture.standIn.abandonedCount() == 3);
		this.fixture.standIn.release();
		assertThat(other.join().embeddings()).isEqualTo(vectors(List.of("a", "b")));
	}

	@Test
	void applicationsThreadGoesOnAfterClosing() {
		this.fixture.api.close();
		EmbeddingResponse response = this.fixture.api
			.embed(request(List.of("a", "b"), (builder) -> builder.dimensions(DIMENSIONS).textsPerCall(1)));
		assertThat(response.embeddings()).isEqualTo(vectors(List.of("a", "b")));
	}

	@Test
	void tenThousandTextsAreEmbeddedAndReplayed() {
		List<String> texts = IntStream.range(0, 10_000).mapToObj((i) -> "text " + i).toList();
		EmbeddingResponse first = this.fixture.api.embed(MODEL, texts, DIMENSIONS);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(5);
		EmbeddingResponse second = this.fixture.api.embed(MODEL, texts, DIMENSIONS);
		List<String> changed = new ArrayList<>(texts);
		changed.set(4711, "changed");
		EmbeddingResponse third = this.fixture.api.embed(MODEL, changed, DIMENSIONS);
		assertThat(first.embeddings()).isEqualTo(second.embeddings()).isEqualTo(vectors(texts));
		assertThat(second.misses()).isZero();
		assertThat(third.misses()).isOne();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(6);
		assertThat(first.cost()).isEqualByComparingTo(second.savedCost());
	}

	private CompletableFuture<EmbeddingResponse> async(List<String> texts) {
		return CompletableFuture.supplyAsync(() -> this.fixture.api.embed(MODEL, texts, DIMENSIONS),
				(task) -> new Thread(task).start());
	}

	private List<List<String>> asked() {
		return this.fixture.standIn.requests()
			.stream()
			.map((request) -> request.json().path("input").valueStream().map(JsonNode::asString).toList())
			.toList();
	}

	private static EmbeddingRequest request(List<String> texts, UnaryOperator<EmbeddingRequest.Builder> customizer) {
		return customizer.apply(EmbeddingRequest.builder(MODEL).texts(texts)).build();
	}

	private static List<Embedding> vectors(List<String> texts) {
		return texts.stream().map((text) -> Embedding.of(StandInTexts.vector(MODEL, text, DIMENSIONS))).toList();
	}

	private static long tokens(List<String> texts) {
		return texts.stream().mapToLong(StandInTexts::tokens).sum();
	}

}
