package io.github.llmcache.inference;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.Outcome;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.ToolCallback;
import io.github.llmcache.Validity.WhenTooFew;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.provider.ProviderDefinitionBuilder;
import io.github.llmcache.provider.StandInToolModel;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.llmcache.inference.InferenceFixture.MODEL;
import static io.github.llmcache.inference.InferenceFixture.builder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CacheMode}, whatever way is taken, over real HTTP and real files.
 */
class CacheModeTests extends AbstractInferenceTests {

	private static final String EMBEDDING_MODEL = "text-embedding-3-small";

	private static final String MODERATION_MODEL = "omni-moderation-latest";

	/** The same each time, unlike the identifiers of the real ones. */
	private static final StandInToolModel TURNS = ToolLoopTests.TWO_TURNS.withId("call");

	private static final CacheControl CONFIGURED = CacheControl.DEFAULT;

	/**
	 * What becomes of a question that was answered before and of one that was not.
	 */
	enum Expectation {

		READ_WRITE(false, true, 0, 1),

		READ_ONLY(false, true, 0, 0),

		REFRESH(true, true, 1, 1),

		REPLAY(false, false, 0, 0),

		OFF(true, true, 0, 0);

		private final boolean asksForKnown;

		private final boolean asksForUnknown;

		private final int writesOfKnown;

		private final int writesOfUnknown;

		Expectation(boolean asksForKnown, boolean asksForUnknown, int writesOfKnown, int writesOfUnknown) {
			this.asksForKnown = asksForKnown;
			this.asksForUnknown = asksForUnknown;
			this.writesOfKnown = writesOfKnown;
			this.writesOfUnknown = writesOfUnknown;
		}

		private CacheMode mode() {
			return CacheMode.valueOf(name());
		}

	}

	/**
	 * A way to ask, each with calls and answers of its own number.
	 */
	enum Way {

		INFER((fixture, asked) -> fixture.api.infer(asked.builder().build())),

		INFER_ASYNC((fixture, asked) -> join(fixture.api.inferAsync(asked.builder().build()))),

		INFER_ALL((fixture, asked) -> fixture.api
			.inferAll(IntStream.range(0, 3).mapToObj((i) -> asked.builder().seed(i).build()).toList())
			.forEach(InferenceResult::orElseThrow)),

		SAMPLES((fixture, asked) -> fixture.api.infer(asked.builder().n(3).build())),

		SAMPLES_OF_CALLS((fixture,
				asked) -> fixture.api.infer(InferenceRequest.builder("claude-test")
					.user(asked.question())
					.cacheControl(asked.cacheControl())
					.n(3)
					.build())),

		VALID_SAMPLES((fixture, asked) -> fixture.api
			.infer(asked.builder().n(2).isValid((sample) -> !sample.text().isEmpty()).build())),

		TOOLS((fixture, asked) -> {
			fixture.standIn.answer(TURNS);
			fixture.api.infer(asked.builder().tools(weather("sunny")).build());
		}),

		TOOLS_IN_ALL((fixture, asked) -> {
			fixture.standIn.answer(TURNS);
			fixture.api.inferAll(List.of(asked.builder().tools(weather("sunny")).build()))
				.forEach(InferenceResult::orElseThrow);
		}),

		EMBED((fixture,
				asked) -> fixture.api.embed(EmbeddingRequest.builder(EMBEDDING_MODEL)
					.texts(asked.texts())
					.textsPerCall(2)
					.cacheControl(asked.cacheControl())
					.build())),

		MODERATE((fixture,
				asked) -> fixture.api.moderate(ModerationRequest.builder(MODERATION_MODEL)
					.texts(asked.texts())
					.textsPerCall(2)
					.cacheControl(asked.cacheControl())
					.build()));

		private final BiConsumer<InferenceFixture, Asked> run;

		Way(BiConsumer<InferenceFixture, Asked> run) {
			this.run = run;
		}

		private void ask(InferenceFixture fixture, String question, CacheControl cacheControl) {
			this.run.accept(fixture, new Asked(question, cacheControl));
		}

	}

	@TempDir
	Path batches;

	@BeforeEach
	@Override
	void start() {
		this.fixture = fixture(UnaryOperator.identity());
	}

	private InferenceFixture fixture(UnaryOperator<ProviderDefinitionBuilder> provider) {
		return new InferenceFixture(this.directory, provider, 3,
				(directory) -> new FileCacheStore(new FileSettings(directory, 1_000_000, true), Clock.systemUTC()));
	}

	static Stream<Arguments> everyWayInEveryMode() {
		return Stream.of(Way.values())
			.flatMap((way) -> Stream.of(Expectation.values())
				.flatMap((expectation) -> Stream.of(true, false)
					.map((configured) -> Arguments.of(way, expectation, configured))));
	}

	@ParameterizedTest
	@MethodSource("everyWayInEveryMode")
	void modeDecidesWhoIsAskedAndWhatIsStored(Way way, Expectation expectation, boolean configured) {
		way.ask(this.fixture, "known", CONFIGURED);
		int calls = this.fixture.standIn.requestCount();
		long writes = this.fixture.statistics().writes();
		long entries = entries();
		assertThat(calls).isPositive();
		assertThat(writes).isPositive();
		this.fixture.restart(configured ? expectation.mode() : CacheMode.READ_WRITE);
		CacheControl cacheControl = configured ? CONFIGURED : CONFIGURED.withMode(expectation.mode());

		way.ask(this.fixture, "known", cacheControl);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(expectation.asksForKnown ? 2 * calls : calls);
		assertThat(this.fixture.statistics().writes()).isEqualTo(expectation.writesOfKnown * writes);
		assertThat(entries()).isEqualTo(entries);

		int before = this.fixture.standIn.requestCount();
		if (expectation.asksForUnknown) {
			way.ask(this.fixture, "unknown", cacheControl);
		}
		else {
			assertMiss(() -> way.ask(this.fixture, "unknown", cacheControl));
		}
		assertThat(this.fixture.standIn.requestCount() - before).isEqualTo(expectation.asksForUnknown ? calls : 0);
		assertThat(this.fixture.statistics().writes())
			.isEqualTo((expectation.writesOfKnown + expectation.writesOfUnknown) * writes);
		assertThat(entries()).isEqualTo((1 + expectation.writesOfUnknown) * entries);
	}

	@ParameterizedTest
	@EnumSource
	void modeDecidesWhatIsInABatch(Expectation expectation) {
		for (boolean configured : List.of(true, false)) {
			try (BatchFixture fixture = new BatchFixture(this.batches.resolve("" + configured))) {
				fixture.batches.end();
				fixture.api.inferAll(BatchFixture.requests(2));
				fixture.restart(configured ? expectation.mode() : CacheMode.READ_WRITE);
				CacheControl cacheControl = configured ? CONFIGURED : CONFIGURED.withMode(expectation.mode());
				List<InferenceResult> results = fixture.api.inferAll(BatchFixture.requests(3)
					.stream()
					.map((request) -> request.toBuilder().cacheControl(cacheControl).build())
					.toList());
				List<String> asked = new ArrayList<>();
				if (expectation.asksForKnown) {
					asked.addAll(List.of("Question 0", "Question 1"));
				}
				if (expectation.asksForUnknown) {
					asked.add("Question 2");
				}
				assertThat(fixture.batches.questions().stream().skip(1)).hasSize(asked.isEmpty() ? 0 : 1)
					.allSatisfy((questions) -> assertThat(questions).containsExactlyElementsOf(asked));
				assertThat(results.subList(0, 2)).allMatch(InferenceResult::succeeded);
				assertThat(results.get(2).succeeded()).isEqualTo(expectation.asksForUnknown);
				if (!expectation.asksForUnknown) {
					assertThat(results.get(2).failure()).isInstanceOf(CacheMissException.class);
				}
				assertThat(fixture.cache.statistics().total().writes())
					.isEqualTo(2 * expectation.writesOfKnown + expectation.writesOfUnknown);
				assertThat(fixture.journalFiles()).isEmpty();
			}
		}
	}

	@Test
	void refreshReplacesWhatIsStored() {
		this.fixture.standIn.varyAnswers();
		InferenceRequest request = builder("known").build();
		String before = this.fixture.api.infer(request).text();
		this.fixture.restart(CacheMode.REFRESH);
		String after = this.fixture.api.infer(request).text();
		this.fixture.restart(CacheMode.REPLAY);
		assertThat(this.fixture.api.infer(request).text()).isEqualTo(after).isNotEqualTo(before);
	}

	@Test
	void requestsOwnModeGoesBeforeTheConfiguredOne() {
		this.fixture.restart(CacheMode.REPLAY);
		InferenceRequest request = builder("known").cacheControl(CONFIGURED.withMode(CacheMode.READ_WRITE)).build();
		this.fixture.api.infer(request);
		assertThat(this.fixture.api.infer(builder("known").build()).cached()).isTrue();
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void whatTheRequestSaysBesidesRestrictsItsMode() {
		this.fixture.api.infer(builder("known").build());
		this.fixture.restart(CacheMode.READ_ONLY);
		InferenceRequest known = builder("known").cacheControl(CONFIGURED.withNoCache()).build();
		InferenceRequest unknown = builder("unknown").cacheControl(CONFIGURED.withOnlyIfCached()).build();
		assertThat(this.fixture.api.infer(known).cached()).isFalse();
		assertMiss(() -> this.fixture.api.infer(unknown));
		this.fixture.restart(CacheMode.REFRESH);
		this.fixture.api.infer(builder("unknown").cacheControl(CONFIGURED.withNoStore()).build());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
		assertThat(this.fixture.statistics().writes()).isZero();
		assertThat(entries()).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void nobodyIsAskedForWhatMustNotComeFromTheCacheInReplay(Way way) {
		way.ask(this.fixture, "known", CONFIGURED);
		int calls = this.fixture.standIn.requestCount();
		this.fixture.restart(CacheMode.REPLAY);
		assertThatExceptionOfType(CacheMissException.class)
			.isThrownBy(() -> way.ask(this.fixture, "known", CONFIGURED.withNoCache()))
			.withMessageContaining("only the provider was to be asked")
			.withMessageContaining("mode 'replay'")
			.withMessageNotContaining("known")
			.extracting((ex) -> Objects.requireNonNull(ex.explanation()))
			.returns(Outcome.NOT_LOOKED_UP, MissExplanation::outcome)
			.returns(
					"No entry may answer it, because only the provider was to be asked, and mode 'replay' does not ask a provider.",
					MissExplanation::reason);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(calls);
	}

	@ParameterizedTest
	@EnumSource(names = { "REFRESH", "OFF" })
	void nobodyIsAskedForWhatMustComeFromTheCacheWhereItIsNotLookedUp(CacheMode mode) {
		this.fixture.api.infer(builder("known").build());
		this.fixture.restart(mode);
		InferenceRequest request = builder("known").cacheControl(CONFIGURED.withOnlyIfCached()).build();
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> this.fixture.api.infer(request))
			.withMessageContaining("mode '" + mode.name().toLowerCase(Locale.ROOT) + "'");
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void nobodyIsAskedForTheRestOfSomethingInReplay() {
		this.fixture.standIn.answer(ToolLoopTests.TWO_TURNS);
		this.fixture.api.infer(builder("tools").tools(weather("sunny")).build());
		this.fixture.standIn.answer((received) -> null);
		this.fixture.api.infer(builder("samples").n(2).build());
		InferenceRequest invalid = builder("invalid").isValid((sample) -> false).whenTooFew(WhenTooFew.PAD).build();
		this.fixture.api.infer(invalid);
		int calls = this.fixture.standIn.requestCount();
		this.fixture.restart(CacheMode.REPLAY);
		assertThat(this.fixture.api.infer(invalid).samples()).hasSize(1);
		assertMiss(() -> this.fixture.api.infer(builder("tools").tools(weather("foggy")).build()));
		assertMiss(() -> this.fixture.api.infer(builder("samples").n(3).build()));
		assertMiss(() -> this.fixture.api.infer(invalid.toBuilder().whenTooFew(WhenTooFew.RETRY).build()));
		assertMiss(() -> this.fixture.api.embed(EMBEDDING_MODEL, List.of("one"), 4));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(calls);
		assertThat(this.fixture.statistics().writes()).isZero();
	}

	@Test
	void nobodyIsAskedWhatDependsOnStateInReplay() {
		try (InferenceFixture stateful = fixture((provider) -> provider.protocol("openai-responses"))) {
			stateful.restart(CacheMode.REPLAY);
			InferenceRequest request = builder("What next?").parameter("previous_response_id", "resp_1").build();
			assertMiss(() -> stateful.api.infer(request));
			assertThat(stateful.api.inferAll(List.of(request))).extracting(InferenceResult::failure)
				.hasOnlyElementsOfType(CacheMissException.class);
			assertThat(stateful.standIn.requestCount()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void replayNeedsNoKey(Way way) {
		way.ask(this.fixture, "known", CONFIGURED);
		try (InferenceFixture withoutKey = fixture((provider) -> provider.baseUrl(null).apiKey(null))) {
			withoutKey.restart(CacheMode.REPLAY);
			way.ask(withoutKey, "known", CONFIGURED);
			assertMiss(() -> way.ask(withoutKey, "unknown", CONFIGURED));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "READ_WRITE", "OFF" })
	void onlyWhatIsOffSharesNoCall(CacheMode mode) {
		this.fixture.restart(mode);
		int calls = (mode == CacheMode.OFF) ? 4 : 2;
		int misses = (mode == CacheMode.OFF) ? 0 : 4;
		this.fixture.standIn.hold();
		InferenceRequest request = builder("known").build();
		List<CompletableFuture<?>> running = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			running.add(this.fixture.api.inferAsync(request));
			running.add(CompletableFuture.runAsync(() -> this.fixture.api.embed(EMBEDDING_MODEL, List.of("known"), 4)));
		}
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == calls);
		Awaitility.await().until(() -> this.fixture.statistics().misses() == misses);
		this.fixture.standIn.release();
		CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(calls);
		ModelStatistics statistics = this.fixture.statistics();
		assertThat(statistics.coalesced()).isEqualTo(4 - calls);
		assertThat(statistics.hits()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "READ_WRITE", "OFF" })
	void onlyWhatIsOffIsAskedAsOftenAsItIsInAList(CacheMode mode) {
		this.fixture.restart(mode);
		InferenceRequest request = builder("known").build();
		List<InferenceResponse> responses = this.fixture.api.inferAll(List.of(request, request, request))
			.stream()
			.map(InferenceResult::orElseThrow)
			.toList();
		assertThat(responses).hasSize(3);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo((mode == CacheMode.OFF) ? 3 : 1);
	}

	private long entries() {
		return this.fixture.cache.size().stream().mapToLong((size) -> size.entries()).sum();
	}

	private static ToolCallback weather(String inBerlin) {
		return ToolCallback.of("weather", "The weather", "{\"type\":\"object\"}",
				(arguments) -> arguments.contains("Berlin") ? inBerlin : "sunny");
	}

	private static void join(CompletableFuture<?> future) {
		try {
			future.join();
		}
		catch (CompletionException ex) {
			throw (RuntimeException) ex.getCause();
		}
	}

	private static void assertMiss(ThrowingCallable asking) {
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(asking)
			.withMessageContaining("only the cache was to be asked");
	}

	/**
	 * A question and how it is asked.
	 */
	private record Asked(String question, CacheControl cacheControl) {

		private InferenceRequest.Builder builder() {
			return InferenceRequest.builder(MODEL).user(this.question).cacheControl(this.cacheControl);
		}

		private List<String> texts() {
			return List.of(this.question + " 1", this.question + " 2", this.question + " 3");
		}

	}

}
