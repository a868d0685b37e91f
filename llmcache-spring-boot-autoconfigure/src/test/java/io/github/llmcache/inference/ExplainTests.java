package io.github.llmcache.inference;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.Difference;
import io.github.llmcache.MissExplanation.Outcome;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolCallback;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.UnreadableEntryException;
import org.junit.jupiter.api.Test;

import static io.github.llmcache.inference.InferenceFixture.builder;
import static io.github.llmcache.inference.InferenceFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link DefaultInferenceApi#explain} and for the exceptions of misses.
 */
class ExplainTests extends AbstractInferenceTests {

	private static final CacheControl ONLY_IF_CACHED = CacheControl.DEFAULT.withOnlyIfCached();

	private static final CacheControl REPLAY = CacheControl.DEFAULT.withMode(CacheMode.REPLAY);

	@Test
	void explainsWithoutAskingAndCounting() {
		assertThat(explain(request("Hello")).reason())
			.isEqualTo("There is no entry of model 'gpt-test', nor of any other.");
		this.fixture.api.infer(request("Hello"));
		assertThat(explain(request("Hello")).isHit()).isTrue();
		MissExplanation miss = explain(builder("Hello").temperature(0).build());
		assertThat(miss.outcome()).isEqualTo(Outcome.NOT_STORED);
		assertThat(miss.nearest()).singleElement()
			.satisfies((entry) -> assertThat(entry.differences())
				.containsExactly(new Difference("/body/temperature", "absent / 0.0", null, "0.0")));
		assertThat(this.fixture.standIn.requestCount()).isOne();
		assertThat(this.fixture.statistics().hits()).isZero();
		assertThat(this.fixture.statistics().misses()).isOne();
	}

	@Test
	void whatTheRequestAsksOfTheCacheCounts() {
		this.fixture.api.infer(request("Hello"));
		assertThat(explain(builder("Hello").n(3).build()).outcome()).isEqualTo(Outcome.TOO_FEW_SAMPLES);
		assertThat(explain(builder("Hello").isValid((sample) -> true).numCandidatesPerCompletion(2).build()).outcome())
			.isEqualTo(Outcome.TOO_FEW_SAMPLES);
		assertThat(explain(with(CacheControl.DEFAULT.withMaxAge(Duration.ZERO))).outcome()).isEqualTo(Outcome.TOO_OLD);
		assertThat(explain(with(CacheControl.DEFAULT.withNoCache())).outcome()).isEqualTo(Outcome.NOT_LOOKED_UP);
		assertThat(explain(with(CacheControl.DEFAULT.withMode(CacheMode.OFF))).outcome())
			.isEqualTo(Outcome.NOT_LOOKED_UP);
		assertThat(explain(with(CacheControl.DEFAULT.withNamespace("other"))).reason())
			.endsWith("The nearest differs in /namespace.");
		assertThat(explain(with(ONLY_IF_CACHED)).isHit()).isTrue();
	}

	@Test
	void firstTurnOfARequestWithToolsIsExplained() {
		Tool tool = Tool.of("clock", "Tells the time", "{\"type\":\"object\"}");
		ToolCallback callback = ToolCallback.of("clock", "Tells the time", "{\"type\":\"object\"}",
				(arguments) -> "noon");
		this.fixture.api.infer(builder("Hello").tools(tool).build());
		assertThat(explain(builder("Hello").tools(callback).build()).isHit()).isTrue();
	}

	@Test
	void responseThatCannotBeReadIsNoHit() {
		this.fixture.api.infer(request("Hello"));
		try (CacheStore store = InferenceFixture.sqlite(this.directory)) {
			store.scan(null, (stored) -> store.putAll(List.of(withoutAnswer(stored))));
		}
		MissExplanation explanation = explain(request("Hello"));
		assertThat(explanation.outcome()).isEqualTo(Outcome.UNREADABLE);
		assertThat(explanation.reason()).isEqualTo("Its entry holds a response that cannot be read.");
	}

	@Test
	void exceptionOfAMissExplainsItselfWithoutWhatWasAsked() {
		this.fixture.api.infer(builder("Tell me the secret of France").temperature(0.5).build());
		CacheMissException exception = miss(builder("Tell me the secret of Spain").temperature(0).build());
		String[] lines = Objects.requireNonNull(exception.getMessage()).split("\n");
		assertThat(lines).hasSize(6);
		assertThat(lines[0]).startsWith("No entry for InferenceRequest[").endsWith("only the cache was to be asked.");
		assertThat(lines[1]).startsWith("There is no entry for it among 1 of model 'gpt-test'.");
		assertThat(lines[2]).matches("Entry [0-9a-f]{12}\u2026 of \\d{4}-\\d\\d-\\d\\dT.*Z:");
		assertThat(List.of(lines[3], lines[4])).containsExactlyInAnyOrder("  /body/temperature: 0.5 / 0.0",
				"  /body/messages/0/content: first difference at character 23 (28 / 27 characters)");
		assertThat(lines[5]).contains("llmcache.mode");
		MissExplanation explanation = Objects.requireNonNull(exception.explanation());
		assertThat(explanation.toString()).doesNotContain("secret");
		assertThat(explanation.nearest().get(0).differences()).extracting(Difference::requested)
			.contains("\"Tell me the secret of Spain\"");
		assertThat(explanation.withoutValues().nearest().get(0).differences()).extracting(Difference::requested)
			.containsOnlyNulls();
	}

	@Test
	void valuesAreInTheMessageIfTheyMayBe() {
		this.fixture.showValues();
		this.fixture.api.infer(request("Tell me the secret of France"));
		assertThat(miss(request("Tell me the secret of Spain"))).hasMessageContaining(
				"\n    stored: \"Tell me the secret of France\"\n    requested: \"Tell me the secret of Spain\"\n");
	}

	@Test
	void missOfTextsExplainsTheFirst() {
		EmbeddingRequest stored = EmbeddingRequest.builder("text-embedding-3-small").texts(List.of("one")).build();
		this.fixture.api.embed(stored);
		EmbeddingRequest missing = EmbeddingRequest.builder("text-embedding-3-small")
			.texts(List.of("one", "other", "two"))
			.cacheControl(REPLAY)
			.build();
		CacheMissException exception = catchThrowableOfType(CacheMissException.class,
				() -> this.fixture.api.embed(missing));
		assertThat(exception).hasMessageContaining("No entry for 2 texts of")
			.hasMessageContaining("/body/input: first difference at character 2 (3 / 5 characters)");
	}

	@Test
	void whoAllowsOnlyTheCacheInAnotherModeDoesNotWaitForAnExplanation() {
		this.fixture.api.infer(request("Hello"));
		InferenceRequest probe = builder("Hello").temperature(0).cacheControl(ONLY_IF_CACHED).build();
		CacheMissException exception = catchThrowableOfType(CacheMissException.class,
				() -> this.fixture.api.infer(probe));
		assertThat(exception.explanation()).isNull();
		assertThat(exception).hasMessageStartingWith("No entry for InferenceRequest[")
			.hasMessageEndingWith("only the cache was to be asked. InferenceApi.explain says why.");
		EmbeddingRequest texts = EmbeddingRequest.builder("text-embedding-3-small")
			.texts(List.of("one"))
			.cacheControl(ONLY_IF_CACHED)
			.build();
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> this.fixture.api.embed(texts))
			.withMessageEndingWith("only the cache was to be asked. In mode 'replay' it would say why.")
			.satisfies((miss) -> assertThat(miss.explanation()).isNull());
	}

	@Test
	void namesFromOutsideBreakNoLineOfAMessage() {
		String name = "gpt-\n2026-01-01 INFO forged \u001b[31m \u202e" + "x".repeat(10_000);
		InferenceRequest request = InferenceRequest.builder(name)
			.user("Hello")
			.cacheControl(ONLY_IF_CACHED.withNamespace(name))
			.build();
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> this.fixture.api.infer(request))
			.satisfies((miss) -> assertThat(miss.getMessage()).contains("gpt-?2026-01-01 INFO forged ?[31m ?x")
				.doesNotContainPattern("[\n\u001b\u202e]")
				.hasSizeLessThan(1000));
	}

	@Test
	void everyMissOfManyIsExplainedAsLongAsThatTakesLittleTime() {
		this.fixture.api.infer(request("Hello"));
		List<InferenceRequest> requests = IntStream.range(0, 300)
			.mapToObj((i) -> builder("Hello " + i).cacheControl(REPLAY).build())
			.toList();
		List<InferenceResult> results = this.fixture.api.inferAll(requests);
		assertThat(results).map(InferenceResult::failure)
			.allSatisfy((failure) -> assertThat(failure).isInstanceOf(CacheMissException.class)
				.hasMessageContaining("No entry"));
		assertThat(((CacheMissException) Objects.requireNonNull(results.get(0).failure())).explanation()).isNotNull();
	}

	@Test
	void storeThatFailsIsStillAMiss() {
		this.fixture.cache.close();
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> this.fixture.api.infer(with(REPLAY)))
			.withMessageContaining("The sqlite cache cannot be read.");
		assertThat(explain(request("Hello")).outcome()).isEqualTo(Outcome.STORE_FAILED);
	}

	private static CacheEntry withoutAnswer(StoredEntry stored) {
		try {
			CacheEntry entry = stored.read();
			CachedResponse response = entry.responses().get(0);
			return new CacheEntry(entry.key(), entry.namespace(),
					List.of(new CachedResponse("{}".getBytes(StandardCharsets.UTF_8), 1, 1, 1, null,
							response.finishReason(), response.createdAt(), response.duration(), null)),
					null, entry.request());
		}
		catch (UnreadableEntryException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private CacheMissException miss(InferenceRequest request) {
		InferenceRequest replayed = request.toBuilder().cacheControl(REPLAY).build();
		return catchThrowableOfType(CacheMissException.class, () -> this.fixture.api.infer(replayed));
	}

	private MissExplanation explain(InferenceRequest request) {
		return this.fixture.api.explain(request);
	}

	private static InferenceRequest with(CacheControl cacheControl) {
		return builder("Hello").cacheControl(cacheControl).build();
	}

}
