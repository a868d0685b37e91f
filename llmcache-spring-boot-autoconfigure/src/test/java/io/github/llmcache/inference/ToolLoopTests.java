package io.github.llmcache.inference;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart.Reasoning;
import io.github.llmcache.ContentPart.ToolCall;
import io.github.llmcache.ContentPart.ToolResult;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.Progress;
import io.github.llmcache.RawJson;
import io.github.llmcache.Role;
import io.github.llmcache.SampleRange;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolCallback;
import io.github.llmcache.ToolChoice;
import io.github.llmcache.ToolTurnsExceededException;
import io.github.llmcache.ToolUse;
import io.github.llmcache.Usage;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import io.github.llmcache.provider.StandInToolModel;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.llmcache.inference.InferenceFixture.MODEL;
import static io.github.llmcache.inference.InferenceFixture.request;
import static io.github.llmcache.provider.StandInToolModel.OUTPUT_TOKENS;
import static io.github.llmcache.provider.StandInToolModel.call;
import static io.github.llmcache.provider.StandInToolModel.calling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ToolLoop}, over real HTTP and a real database.
 */
class ToolLoopTests extends AbstractInferenceTests {

	private static final String CLAUDE = "claude-unpriced";

	private static final String SCHEMA = "{\"type\":\"object\"}";

	static final StandInToolModel TWO_TURNS = calling(List.of(call("weather", "{\"city\":\"Paris\"}")),
			List.of(call("weather", "{\"city\":\"Berlin\"}")));

	private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

	private volatile String weather = "sunny";

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void toolsRunUntilTheModelAnswersAndTheSecondRunAsksNobody(String model) {
		this.fixture.standIn.answer(TWO_TURNS);
		InferenceRequest request = weatherRequest(model).build();
		InferenceResponse miss = this.fixture.api.infer(request);
		String text = "Results: sunny for {\"city\":\"Paris\"} | sunny for {\"city\":\"Berlin\"}";
		assertThat(miss.text()).isEqualTo(text);
		assertThat(miss.source()).isEqualTo(Source.PROVIDER);
		assertThat(miss.exchange()).extracting(ChatMessage::role)
			.containsExactly(Role.ASSISTANT, Role.TOOL, Role.ASSISTANT, Role.TOOL);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
		assertThat(this.fixture.statistics().writes()).isEqualTo(3);
		this.fixture.restart();
		InferenceResponse hit = this.fixture.api.infer(request);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
		assertThat(hit.source()).isEqualTo(Source.CACHE);
		assertThat(hit.raw()).isEqualTo(miss.raw());
		assertThat(hit.samples()).isEqualTo(miss.samples());
		assertThat(hit.exchange()).isEqualTo(miss.exchange());
		assertThat(hit.usage()).isEqualTo(miss.usage());
		assertThat(hit.createdAt()).isEqualTo(miss.createdAt());
		assertThat(this.ran).hasSize(4);
	}

	@Test
	void usageCostAndDurationAreThoseOfAllTurns() {
		this.fixture.standIn.answer(TWO_TURNS).delay(Duration.ofMillis(20));
		InferenceResponse miss = this.fixture.api.infer(weatherRequest(MODEL).build());
		assertThat(miss.usage()).isEqualTo(Usage.of(10 + 30 + 50, 3 * OUTPUT_TOKENS));
		assertThat(miss.cost()).isEqualByComparingTo("0.00024");
		assertThat(miss.savedCost()).isZero();
		assertThat(miss.providerDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(60));
		assertThat(miss.duration()).isGreaterThanOrEqualTo(miss.providerDuration());
		InferenceResponse hit = this.fixture.api.infer(weatherRequest(MODEL).build());
		assertThat(hit.cost()).isZero();
		assertThat(hit.savedCost()).isEqualByComparingTo("0.00024");
		assertThat(hit.providerDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(60));
		assertThat(this.fixture.statistics().spentNanos()).isEqualTo(240_000);
		assertThat(this.fixture.statistics().savedNanos()).isEqualTo(240_000);
	}

	@Test
	void costIsUnknownIfThatOfATurnIs() {
		this.fixture.standIn.answer(TWO_TURNS);
		assertThat(this.fixture.api.infer(weatherRequest(CLAUDE).build()).cost()).isNull();
		InferenceResponse hit = this.fixture.api.infer(weatherRequest(CLAUDE).build());
		assertThat(hit.cost()).isZero();
		assertThat(hit.savedCost()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void anotherResultAsksOnlyTheTurnsAfterIt(String model) {
		this.fixture.standIn.answer(TWO_TURNS);
		AtomicReference<String> paris = new AtomicReference<>("sun");
		AtomicReference<String> berlin = new AtomicReference<>("rain");
		InferenceRequest request = InferenceRequest.builder(model)
			.user("How is the weather?")
			.tools(tool("weather",
					(arguments) -> arguments.contains("Berlin") ? String.valueOf(berlin.get())
							: String.valueOf(paris.get())))
			.build();
		this.fixture.api.infer(request);
		berlin.set("snow");
		InferenceResponse changed = this.fixture.api.infer(request);
		assertThat(changed.text()).isEqualTo("Results: sun | snow");
		assertThat(changed.source()).isEqualTo(Source.PROVIDER);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(4);
		if (model.equals(MODEL)) {
			assertThat(changed.cost()).isEqualByComparingTo("0.0001");
			assertThat(changed.savedCost()).isEqualByComparingTo("0.00014");
		}
		assertThat(this.fixture.api.infer(request).cached()).isTrue();
		paris.set("fog");
		assertThat(this.fixture.api.infer(request).text()).isEqualTo("Results: fog | snow");
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(6);
	}

	@Test
	void modelThatCallsNothingIsAskedOnce() {
		this.fixture.standIn.answer(calling());
		InferenceResponse response = this.fixture.api.infer(weatherRequest(MODEL).build());
		assertThat(response.exchange()).isEmpty();
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void turnIsTheSameRequestAsOneWithoutFunctions() {
		this.fixture.standIn.answer(TWO_TURNS);
		InferenceResponse response = this.fixture.api.infer(weatherRequest(MODEL).build());
		InferenceRequest.Builder byHand = InferenceRequest.builder(MODEL)
			.user("How is the weather?")
			.tools(Tool.of("weather", "About weather", SCHEMA));
		assertThat(this.fixture.api.infer(byHand.build()).message()).isEqualTo(response.exchange().get(0));
		response.exchange().forEach(byHand::message);
		assertThat(this.fixture.api.infer(byHand.build()).raw()).isEqualTo(response.raw());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void whatGoesWrongIsToldToTheModelInTheOrderOfTheCalls(String model) {
		this.fixture.standIn.answer(calling(List.of(call("broken", "{}"), call("missing", "{}"), call("silent", "{}"),
				call("weather", "{}"), call("empty", "{}"))));
		InferenceRequest request = InferenceRequest.builder(model).user("Go").tools(tool("broken", (arguments) -> {
			throw new IOException("disk is full");
		}), tool("silent", (arguments) -> {
			throw new IllegalStateException();
		}), tool("weather", this::weather), tool("empty", (arguments) -> absent())).build();
		InferenceResponse response = this.fixture.api.infer(request);
		assertThat(results(response)).containsExactly("Error: disk is full", "Error: Unknown tool 'missing'",
				"Error: java.lang.IllegalStateException", "sunny for {}", "");
		assertThat(toolResults(response)).extracting(ToolResult::error).containsExactly(true, true, true, false, false);
		assertThat(response.text()).startsWith("Results: Error: disk is full");
		assertThat(response.text().contains("(is_error)")).isEqualTo(model.equals(CLAUDE));
		assertThat(this.fixture.api.infer(request).cached()).isTrue();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{\"city\": \"Par", "[1]", "null", "\\ud800" })
	void argumentsAreAsTheModelWroteThem(String arguments) {
		this.fixture.standIn.answer(calling(List.of(call("weather", arguments))));
		InferenceResponse response = this.fixture.api.infer(weatherRequest(MODEL).build());
		assertThat(this.ran).containsExactly(arguments);
		assertThat(response.text()).isEqualTo("Results: sunny for " + arguments);
	}

	@ParameterizedTest
	@ValueSource(strings = { "same", " " })
	@NullSource
	void resultsAreTakenForTheRightCallsWhateverTheirIdentifiers(@Nullable String id) {
		this.fixture.standIn.answer(
				calling(List.of(call("weather", "1"), call("weather", "2")), List.of(call("weather", "3"))).withId(id));
		InferenceResponse response = this.fixture.api.infer(weatherRequest(MODEL).build());
		assertThat(response.text()).isEqualTo("Results: sunny for 1 | sunny for 2 | sunny for 3");
		assertThat(response.exchange().stream().flatMap((message) -> message.toolCalls().stream()))
			.extracting((call) -> call.id())
			.doesNotHaveDuplicates()
			.isEqualTo(toolResults(response).stream().map(ToolResult::toolCallId).toList());
		this.fixture.restart();
		assertThat(this.fixture.api.infer(weatherRequest(MODEL).build()).cached()).isTrue();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
	}

	@Test
	void identifiersDifferFromThoseOfThePrompt() {
		this.fixture.standIn.answer(calling(List.of(), List.of(call("weather", "{}"))).withId("same"));
		InferenceRequest request = InferenceRequest.builder(CLAUDE)
			.user("How is the weather?")
			.message(new ChatMessage(Role.ASSISTANT,
					List.of(new Reasoning("Hm.", RawJson.of("{\"type\":\"thinking\",\"signature\":\"c2lnbmF0dXJl\"}")),
							new ToolCall("same", "weather", "{}"), new ToolCall("call00001", "weather", "{}")),
					null))
			.message(ChatMessage.toolResult("same", "rain"))
			.message(ChatMessage.toolResult("call00001", "hail"))
			.tools(tool("weather", this::weather))
			.build();
		InferenceResponse response = this.fixture.api.infer(request);
		assertThat(response.text()).isEqualTo("Results: rain | hail | sunny for {}");
		assertThat(toolResults(response)).extracting(ToolResult::toolCallId).containsExactly("call00002");
	}

	@Test
	void modelThatDoesNotStopIsStopped() {
		this.fixture.standIn.answer(TWO_TURNS);
		InferenceRequest.Builder builder = weatherRequest(MODEL);
		List<ToolCallback> callbacks = List.of(tool("weather", this::weather));
		assertThatExceptionOfType(ToolTurnsExceededException.class)
			.isThrownBy(() -> this.fixture.api.infer(builder.toolUse(new ToolUse(callbacks, 2)).build()))
			.withMessageContaining("2 turns")
			.withMessageNotContaining("Paris")
			.satisfies((ex) -> assertThat(ex.getMaxTurns()).isEqualTo(2));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
		assertThat(this.ran).hasSize(1);
		this.fixture.api.infer(builder.toolUse(new ToolUse(callbacks, 3)).build());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
	}

	@Test
	void turnWithACallThatIsLeftToTheCallerIsReturnedAndNothingRuns() {
		this.fixture.standIn
			.answer(calling(List.of(call("weather", "1")), List.of(call("weather", "2"), call("mine", "3"))));
		InferenceResponse response = this.fixture.api
			.infer(weatherRequest(MODEL).tools(Tool.of("mine", "Mine", SCHEMA)).build());
		assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(response.message().toolCalls()).extracting((call) -> call.name()).containsExactly("weather", "mine");
		assertThat(response.exchange()).hasSize(2);
		assertThat(this.ran).containsExactly("1");
		assertThat(this.fixture.standIn.lastRequest().json().path("tools")).hasSize(2);
	}

	@Test
	void toolIsEitherRunOrLeftToTheCaller() {
		InferenceRequest.Builder builder = weatherRequest(MODEL).tools(Tool.of("weather", "Mine", SCHEMA));
		assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("not both");
	}

	@Test
	void callsThatWereCutOffAreReturnedAndNotRun() {
		this.fixture.standIn.answer(TWO_TURNS.withFinishReason("length"));
		InferenceResponse response = this.fixture.api.infer(weatherRequest(MODEL).build());
		assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
		assertThat(this.ran).isEmpty();
	}

	@Test
	void callsAreRunWhateverElseTheServerSaysOfTheEnd() {
		this.fixture.standIn.answer(TWO_TURNS.withFinishReason("stop"));
		this.fixture.api.infer(weatherRequest(MODEL).build());
		assertThat(this.ran).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void modelThatHasToCallAToolHasToOnce(String model) {
		this.fixture.standIn.answer(TWO_TURNS);
		this.fixture.api.infer(weatherRequest(model).toolChoice(ToolChoice.tool("weather")).build());
		assertThat(this.fixture.standIn.requests()).extracting(ToolLoopTests::toolChoice)
			.satisfiesExactly((first) -> assertThat(first).contains("weather"),
					(second) -> assertThat(second).contains("auto"), (third) -> assertThat(third).contains("auto"));
	}

	@Test
	void modelThatMustNotCallAToolNeverMay() {
		this.fixture.standIn.answer(TWO_TURNS);
		this.fixture.api.infer(weatherRequest(MODEL).toolChoice(ToolChoice.NONE).build());
		assertThat(this.fixture.standIn.requests()).extracting(ToolLoopTests::toolChoice).containsOnly("\"none\"");
	}

	@Test
	void cacheControlIsThatOfEachTurn() {
		this.fixture.standIn.answer(TWO_TURNS);
		InferenceRequest.Builder builder = weatherRequest(MODEL);
		InferenceRequest onlyIfCached = builder.cacheControl(CacheControl.DEFAULT.withOnlyIfCached()).build();
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> this.fixture.api.infer(onlyIfCached));
		this.fixture.api.infer(builder.cacheControl(CacheControl.DEFAULT.withNoStore()).build());
		assertThat(this.fixture.statistics().writes()).isZero();
		this.fixture.api.infer(builder.cacheControl(CacheControl.DEFAULT).build());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(6);
		assertThat(this.fixture.api.infer(onlyIfCached).cached()).isTrue();
		this.fixture.api.infer(builder.cacheControl(CacheControl.DEFAULT.withNoCache()).build());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(9);
		this.weather = "cloudy";
		int misses = (int) this.fixture.statistics().misses();
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> this.fixture.api.infer(onlyIfCached));
		assertThat(this.fixture.statistics().misses()).isEqualTo(misses + 1);
	}

	@Test
	void sampleIsThatOfEachTurn() {
		this.fixture.standIn.answer(TWO_TURNS);
		List<InferenceRequest> turns = new ArrayList<>();
		InferenceRequest request = weatherRequest(MODEL).sample(2).build();
		ToolUse toolUse = new ToolUse(List.of(tool("weather", this::weather)), 3);
		new ToolLoop(request, toolUse, (turn) -> {
			turns.add(turn);
			return this.fixture.api.infer(turn.toBuilder().sample(0).build());
		}).run();
		assertThat(turns).extracting(InferenceRequest::samples).hasSize(3).containsOnly(new SampleRange(2, 1));
	}

	@Test
	void errorOfAToolIsNotForTheModel() {
		this.fixture.standIn.answer(TWO_TURNS);
		InferenceRequest request = weatherRequest(MODEL).tools(tool("weather", (arguments) -> {
			throw new AssertionError("broken");
		})).build();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.fixture.api.infer(request));
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void interruptionIsNotForTheModel(boolean wrapped) {
		this.fixture.standIn.answer(TWO_TURNS);
		InferenceRequest request = weatherRequest(MODEL).tools(tool("weather", (arguments) -> {
			InterruptedException interruption = new InterruptedException();
			throw wrapped ? new IllegalStateException(interruption) : interruption;
		})).build();
		assertThatExceptionOfType(InferenceCancelledException.class).isThrownBy(() -> this.fixture.api.infer(request));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void interruptionOfAnotherThreadIsForTheModel() {
		this.fixture.standIn.answer(TWO_TURNS);
		InferenceResponse response = this.fixture.api.infer(weatherRequest(MODEL).tools(tool("weather", (arguments) -> {
			throw new ExecutionException("in vain", new InterruptedException());
		})).build());
		assertThat(response.text()).isEqualTo("Results: Error: in vain | Error: in vain");
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void noToolRunsAfterAnInterruptionThatAToolKeptToItself() {
		this.fixture.standIn.answer(calling(List.of(call("weather", "1"), call("weather", "2"))));
		InferenceRequest request = weatherRequest(MODEL).tools(tool("weather", (arguments) -> {
			this.ran.add(arguments);
			Thread.currentThread().interrupt();
			return "sunny";
		})).build();
		assertThatExceptionOfType(InferenceCancelledException.class).isThrownBy(() -> this.fixture.api.infer(request));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.ran).containsExactly("1");
	}

	@Test
	void cancellingInterruptsAToolAndAsksNoMore() {
		this.fixture.standIn.answer(TWO_TURNS);
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		CompletableFuture<InferenceResponse> future = this.fixture.api
			.inferAsync(weatherRequest(MODEL).tools(tool("weather", (arguments) -> {
				running.countDown();
				try {
					new CountDownLatch(1).await();
					return "never";
				}
				catch (InterruptedException ex) {
					interrupted.countDown();
					throw ex;
				}
			})).build());
		Awaitility.await().until(() -> running.getCount() == 0);
		future.cancel(true);
		Awaitility.await().until(() -> interrupted.getCount() == 0);
		this.fixture.api.close();
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void manyRequestsRunTheirToolsAndAreReplayed() {
		this.fixture.standIn.answer(TWO_TURNS);
		List<InferenceRequest> requests = IntStream.range(0, 40)
			.mapToObj((i) -> question("Question " + i).tools(tool("weather", this::weather)).build())
			.toList();
		List<Progress.Update> updates = new ArrayList<>();
		List<InferenceResult> first = this.fixture.api.inferAll(requests, updates::add);
		assertThat(first).extracting(InferenceResult::request).isEqualTo(requests);
		assertThat(first).extracting((result) -> result.orElseThrow().exchange().size()).containsOnly(4);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(120);
		assertThat(this.fixture.standIn.maxInFlight()).isLessThanOrEqualTo(InferenceFixture.MAX_CONCURRENCY);
		assertThat(updates.get(updates.size() - 1).spent()).isEqualByComparingTo("0.0096");
		this.fixture.restart();
		List<InferenceResult> second = this.fixture.api.inferAll(requests);
		assertThat(second).extracting((result) -> result.orElseThrow().source()).containsOnly(Source.CACHE);
		assertThat(second).extracting((result) -> result.orElseThrow().raw())
			.isEqualTo(first.stream().map((result) -> result.orElseThrow().raw()).toList());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(120);
	}

	@Test
	void failureOfOneLoopIsItsOwn() {
		this.fixture.standIn.answer(TWO_TURNS);
		List<InferenceResult> results = this.fixture.api.inferAll(List.of(weatherRequest(MODEL).build(),
				question("Other").toolUse(new ToolUse(List.of(tool("weather", this::weather)), 1)).build(),
				question("Third").tools(tool("weather", (arguments) -> {
					throw new AssertionError("secret");
				})).build()));
		assertThat(results.get(0).succeeded()).isTrue();
		assertThat(results.get(1).failure()).isInstanceOf(ToolTurnsExceededException.class);
		assertThat(results.get(2).failure()).isInstanceOf(InferenceException.class).hasMessageNotContaining("secret");
	}

	@Test
	void identicalLoopsAreOneCallForEachTurn() {
		this.fixture.standIn.answer(TWO_TURNS);
		this.fixture.standIn.hold();
		List<CompletableFuture<InferenceResponse>> futures = Stream
			.generate(() -> this.fixture.api.inferAsync(weatherRequest(MODEL).build()))
			.limit(5)
			.toList();
		Awaitility.await().until(() -> this.fixture.statistics().misses() == 5);
		this.fixture.standIn.release();
		List<InferenceResponse> responses = futures.stream().map(CompletableFuture::join).toList();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
		assertThat(responses).extracting(InferenceResponse::raw).containsOnly(responses.get(0).raw());
		assertThat(responses.stream().map(InferenceResponse::cost).reduce(BigDecimal.ZERO, BigDecimal::add))
			.isEqualByComparingTo("0.00024");
	}

	@Test
	void toolsMayAskModelsThemselves() {
		StandInToolModel model = calling(List.of(call("expert", "{}")));
		this.fixture.standIn.answer((received) -> received.text().contains("\"tools\"") ? model.apply(received) : null);
		InferenceRequest request = question("Ask the expert")
			.tools(tool("expert", (arguments) -> this.fixture.api.ask(CLAUDE, "You are the expert")))
			.build();
		assertThat(this.fixture.api.infer(request).text()).startsWith("Results: Answer");
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
		assertThat(this.fixture.api.infer(request).cached()).isTrue();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
	}

	@Test
	@Timeout(120)
	void toolsOnAllThreadsMayAskManyQuestions() {
		StandInToolModel model = calling(List.of(call("experts", "{}")));
		this.fixture.standIn.answer((received) -> received.text().contains("\"tools\"") ? model.apply(received) : null);
		CountDownLatch allRunning = new CountDownLatch(InferenceFixture.THREADS);
		List<CompletableFuture<InferenceResponse>> futures = IntStream.range(0, InferenceFixture.THREADS)
			.mapToObj(
					(i) -> this.fixture.api.inferAsync(question("Question " + i).tools(tool("experts", (arguments) -> {
						allRunning.countDown();
						allRunning.await();
						this.fixture.api.inferAsync(request("Expert A" + i)).get();
						return this.fixture.api.inferAll(List.of(request("Expert B" + i), request("Expert C" + i)))
							.get(1)
							.orElseThrow()
							.text();
					})).build()))
			.toList();
		CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).orTimeout(1, TimeUnit.MINUTES).join();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(5 * InferenceFixture.THREADS);
	}

	private InferenceRequest.Builder weatherRequest(String model) {
		return InferenceRequest.builder(model).user("How is the weather?").tools(tool("weather", this::weather));
	}

	private static InferenceRequest.Builder question(String question) {
		return InferenceRequest.builder(MODEL).user(question);
	}

	private String weather(String arguments) {
		this.ran.add(arguments);
		return this.weather + " for " + arguments;
	}

	private static ToolCallback tool(String name, ToolCallback.Function function) {
		return ToolCallback.of(name, "About " + name, SCHEMA, function);
	}

	@SuppressWarnings("NullAway")
	private static String absent() {
		return null;
	}

	private static List<ToolResult> toolResults(InferenceResponse response) {
		return response.exchange()
			.stream()
			.flatMap((message) -> message.parts().stream())
			.filter(ToolResult.class::isInstance)
			.map(ToolResult.class::cast)
			.toList();
	}

	private static List<String> results(InferenceResponse response) {
		return toolResults(response).stream().map(ToolResult::content).toList();
	}

	private static String toolChoice(ReceivedRequest request) {
		return request.json().path("tool_choice").toString();
	}

}
