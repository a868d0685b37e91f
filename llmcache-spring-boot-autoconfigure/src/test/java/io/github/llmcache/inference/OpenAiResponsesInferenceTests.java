package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.Embedding;
import io.github.llmcache.EmbeddingResponse;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ModerationResponse;
import io.github.llmcache.ProviderUnavailableException;
import io.github.llmcache.RawJson;
import io.github.llmcache.ReasoningOptions;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolChoice;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.llmcache.inference.InferenceFixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * OpenAI's responses, over real HTTP with a stand-in that refuses what is not documented,
 * and a real database.
 */
class OpenAiResponsesInferenceTests {

	private static final String REASONING = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],"
			+ "\"encrypted_content\":\"gAAA\"}";

	private static final String FAILED = "{\"object\":\"response\",\"status\":\"failed\",\"output\":[],"
			+ "\"error\":{\"code\":\"%s\",\"message\":\"m\"}}";

	@TempDir
	Path directory;

	private InferenceFixture fixture;

	@BeforeEach
	void start() {
		this.fixture = new InferenceFixture(this.directory, (provider) -> provider.protocol("openai-responses"), 2);
	}

	@AfterEach
	void stop() {
		this.fixture.close();
	}

	@Test
	void theSecondCallIsAHit() {
		InferenceResponse miss = this.fixture.api.infer(request().build());
		this.fixture.restart();
		InferenceResponse hit = this.fixture.api.infer(request().build());
		assertThat(this.fixture.standIn.requests()).singleElement()
			.satisfies((received) -> assertThat(received.path()).isEqualTo("/v1/responses"));
		assertThat(miss.source()).isEqualTo(Source.PROVIDER);
		assertThat(hit.source()).isEqualTo(Source.CACHE);
		assertThat(hit.text()).startsWith("Answer ");
		assertThat(hit.raw()).isEqualTo(miss.raw());
		assertThat(hit.samples()).isEqualTo(miss.samples());
		assertThat(hit.usage()).isEqualTo(miss.usage());
		assertThat(hit.finishReason()).isEqualTo(FinishReason.STOP);
		assertThat(hit.savedCost()).isEqualTo(miss.cost())
			.isEqualByComparingTo(BigDecimal.valueOf(10 + 10 * miss.usage().outputTokens(), 6));
	}

	@Test
	void everythingThatIsWrittenIsDocumented() {
		InferenceResponse response = this.fixture.api.infer(request().maxTokens(4)
			.temperature(0)
			.topP(0.5)
			.topLogprobs(2)
			.tools(Tool.of("look", "Looks", "{}"), new Tool("see", null, RawJson.of("{}"), true))
			.toolChoice(ToolChoice.tool("look"))
			.responseFormat(ResponseFormat.jsonSchema("s", "{}"))
			.reasoning(ReasoningOptions.effort("low"))
			.user(new ContentPart.Text("?"), ContentPart.Image.of("image/png", new byte[] { 1 }))
			.message(ChatMessage.assistant(new ContentPart.Reasoning("", RawJson.of(REASONING)),
					new ContentPart.Text("a"), new ContentPart.Text("b"), new ContentPart.ToolCall("c1", "look", "{}")))
			.message(ChatMessage.toolResult("c1", "seen"))
			.developer("Be brief.")
			.system("Be nice.")
			.build());
		assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.infer(request().parameter("not_documented", 1).build()))
			.satisfies((ex) -> assertThat(ex.getProviderMessage()).hasValue("Unknown parameter: 'not_documented'"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "previous_response_id;\"resp_1\"", "conversation;\"conv_1\"", "prompt;{\"id\":\"pmpt_1\"}",
					"background;true", "store;true",
					"tools;[{\"type\":\"code_interpreter\",\"container\":\"cntr_1\"}]" })
	void statefulIsAskedEachTimeAndNeverStored(String name, String value) {
		this.fixture.standIn.varyAnswers();
		InferenceRequest request = request().parameter(name, RawJson.of(value)).build();
		InferenceResponse first = this.fixture.api.infer(request);
		InferenceResponse second = this.fixture.api.infer(request);
		assertThat(List.of(first.source(), second.source())).containsOnly(Source.PROVIDER);
		assertThat(second.text()).isNotEqualTo(first.text());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
		assertThat(this.fixture.statistics().writes()).isZero();
		assertThat(this.fixture.statistics().hits() + this.fixture.statistics().misses()).isZero();
		assertThat(this.fixture.statistics().spentNanos()).isPositive();
		assertThat(this.fixture.cache.size()).isEmpty();
	}

	@Test
	void statefulIsAskedAsOftenAtTheSameTime() {
		this.fixture.standIn.varyAnswers().hold();
		InferenceRequest request = stateful();
		List<CompletableFuture<InferenceResponse>> responses = List.of(this.fixture.api.inferAsync(request),
				this.fixture.api.inferAsync(request), this.fixture.api.inferAsync(request));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 3);
		this.fixture.standIn.release();
		assertThat(responses).extracting((response) -> response.join().source()).containsOnly(Source.PROVIDER);
		assertThat(responses).extracting((response) -> response.join().text()).doesNotHaveDuplicates();
		assertThat(this.fixture.statistics().coalesced()).isZero();
	}

	@Test
	void statefulDuplicatesAreAskedEach() {
		this.fixture.standIn.varyAnswers();
		List<InferenceRequest> requests = List.of(stateful(), request().build(), stateful(), request().build(),
				stateful());
		List<InferenceResult> results = this.fixture.api.inferAll(requests);
		assertThat(results).extracting((result) -> result.orElseThrow().source())
			.containsExactly(Source.PROVIDER, Source.PROVIDER, Source.PROVIDER, Source.COALESCED, Source.PROVIDER);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(4);
		assertThat(this.fixture.statistics().writes()).isOne();
	}

	@Test
	void statefulIsAskedEvenIfTheCacheHasWhatItSays() {
		this.fixture.api.infer(request().parameter("store", false).build());
		assertThat(this.fixture.api.infer(request().build()).source()).isEqualTo(Source.CACHE);
		assertThat(this.fixture.api.infer(request().parameter("store", true).build()).source())
			.isEqualTo(Source.PROVIDER);
	}

	@Test
	void statefulIsNeverInTheCache() {
		InferenceRequest request = request().parameter("previous_response_id", "resp_1")
			.cacheControl(CacheControl.DEFAULT.withOnlyIfCached())
			.build();
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> this.fixture.api.infer(request))
			.withMessageContaining("depends on what the provider keeps")
			.withMessageNotContaining("Capital");
		assertThat(this.fixture.api.inferAll(List.of(request))).extracting(InferenceResult::failure)
			.hasOnlyElementsOfType(CacheMissException.class);
		assertThat(this.fixture.standIn.requestCount()).isZero();
	}

	@Test
	void reasoningIsGivenBack() {
		this.fixture.standIn.enqueue(Reply.ok("{\"status\":\"completed\",\"output\":[" + REASONING
				+ ",{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"look\",\"arguments\":\"{}\"}]}"));
		InferenceRequest first = request().reasoning(ReasoningOptions.effort("low"))
			.tools(Tool.of("look", "Looks", "{}"))
			.build();
		ChatMessage message = this.fixture.api.infer(first).samples().get(0).message();
		this.fixture.api
			.infer(first.toBuilder().message(message).message(ChatMessage.toolResult("c1", "seen")).build());
		assertThat(this.fixture.standIn.lastRequest().json().path("input").get(1).path("encrypted_content").asString())
			.isEqualTo("gAAA");
		assertThat(this.fixture.standIn.requests())
			.allSatisfy((received) -> assertThat(received.json().path("include").get(0).asString())
				.isEqualTo("reasoning.encrypted_content"));
	}

	@Test
	void waitsAsLongAsTheProviderAsks() {
		this.fixture.standIn.enqueue(Reply.rateLimited("1"));
		long start = System.nanoTime();
		assertThat(this.fixture.api.infer(request().build()).finishReason()).isEqualTo(FinishReason.STOP);
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
	}

	@Test
	void errorsInASuccessAreErrors() {
		this.fixture.standIn.enqueue(Reply.ok(FAILED.formatted("server_error")));
		assertThat(this.fixture.api.infer(request().build()).finishReason()).isEqualTo(FinishReason.STOP);
		this.fixture.standIn
			.enqueue(Collections.nCopies(2, Reply.ok(FAILED.formatted("server_error"))).toArray(Reply[]::new));
		fails(ProviderUnavailableException.class, request().temperature(0).build());
		this.fixture.standIn.enqueue(Reply.ok(FAILED.formatted("invalid_prompt")));
		fails(InvalidRequestException.class, request().temperature(0).build());
		assertThat(this.fixture.statistics().writes()).isOne();
	}

	@Test
	void errorsAndRepliesThatAreCutOff() {
		String answer = "{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",";
		this.fixture.standIn
			.enqueue(Reply.openAiError(401, "invalid_request_error", "invalid_api_key", "Incorrect API key"));
		fails(AuthenticationException.class, request().build());
		this.fixture.standIn.enqueue(Collections.nCopies(2, Reply.ok(answer).cutOffAfter(20)).toArray(Reply[]::new));
		fails(MalformedResponseException.class, request().build());
		this.fixture.standIn.enqueue(Reply.ok(answer), Reply.ok(answer));
		fails(MalformedResponseException.class, request().build());
		assertThat(this.fixture.statistics().writes()).isZero();
	}

	@Test
	void answersThatAreNotWholeAreNotStored() {
		this.fixture.standIn
			.answer((received) -> Reply.ok("{\"status\":\"in_progress\",\"output\":[{\"type\":\"message\","
					+ "\"content\":[{\"type\":\"output_text\",\"text\":\"half an\"}]}]}"));
		assertThat(this.fixture.api.infer(request().build()).finishReason()).isEqualTo(FinishReason.UNKNOWN);
		assertThat(this.fixture.api.infer(request().build()).source()).isEqualTo(Source.PROVIDER);
	}

	@Test
	void textsAreEmbeddedAndModeratedByTheSameProvider() {
		List<String> texts = List.of("one", "two");
		EmbeddingResponse embedded = this.fixture.api.embed("text-embedding-3-small", texts, 4);
		ModerationResponse moderated = this.fixture.api.moderate("omni-moderation-latest", texts);
		assertThat(this.fixture.standIn.requests()).extracting(ReceivedRequest::path)
			.containsExactly("/v1/embeddings", "/v1/moderations");
		this.fixture.restart();
		assertThat(this.fixture.api.embed("text-embedding-3-small", texts, 4).embeddings())
			.isEqualTo(embedded.embeddings())
			.extracting(Embedding::dimensions)
			.containsExactly(4, 4);
		assertThat(this.fixture.api.moderate("omni-moderation-latest", texts).moderations())
			.isEqualTo(moderated.moderations())
			.hasSize(2);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
	}

	private void fails(Class<? extends InferenceException> type, InferenceRequest request) {
		assertThatExceptionOfType(type).isThrownBy(() -> this.fixture.api.infer(request));
	}

	private static InferenceRequest stateful() {
		return request().parameter("conversation", Map.of("id", "conv_1")).build();
	}

	private static InferenceRequest.Builder request() {
		return InferenceRequest.builder(MODEL).user("Capital of France?");
	}

}
