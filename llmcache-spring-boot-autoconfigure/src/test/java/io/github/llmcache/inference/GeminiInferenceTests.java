package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.ReasoningOptions;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolChoice;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DefaultInferenceApi} with Gemini, over real HTTP and a real database,
 * and with a stand-in that refuses what Gemini's reference does not have.
 */
class GeminiInferenceTests extends AbstractInferenceTests {

	private static final String MODEL = "gemini-3-test";

	private static final Tool WEATHER = Tool.of("weather", "The weather",
			"{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}");

	@Test
	void everythingIsAskedAndReplayed() {
		InferenceRequest request = builder("Hello").temperature(0)
			.topP(0.5)
			.maxTokens(100)
			.stop("END")
			.seed(1)
			.topLogprobs(2)
			.tools(WEATHER)
			.toolChoice(ToolChoice.tool("weather"))
			.responseFormat(ResponseFormat.jsonSchema("answer", "{\"type\":\"object\"}"))
			.reasoning(ReasoningOptions.effort("low"))
			.user(new ContentPart.Text("What is this?"), ContentPart.Image.of("image/png", new byte[] { 1 }))
			.build();
		InferenceResponse miss = this.fixture.api.infer(request);
		this.fixture.restart();
		InferenceResponse hit = this.fixture.api.infer(request);
		assertThat(miss.cached()).isFalse();
		assertThat(hit.cached()).isTrue();
		assertThat(hit.raw()).isEqualTo(miss.raw());
		assertThat(hit.samples()).isEqualTo(miss.samples());
		assertThat(hit.usage()).isEqualTo(miss.usage());
		assertThat(hit.finishReason()).isEqualTo(FinishReason.STOP);
		StandInProvider.ReceivedRequest received = this.fixture.standIn.lastRequest();
		assertThat(received.path()).isEqualTo("/v1/models/gemini-3-test:generateContent");
		assertThat(received.header("x-goog-api-key")).isEqualTo(StandInProvider.API_KEY);
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	@Test
	void modelsDoNotShareEntries() {
		InferenceResponse one = this.fixture.api.infer(builder("Hello").build());
		InferenceResponse other = this.fixture.api.infer(InferenceRequest.builder("gemini-2").user("Hello").build());
		InferenceResponse tuned = this.fixture.api
			.infer(InferenceRequest.builder("tunedModels/" + MODEL).user("Hello").build());
		assertThat(List.of(one, other, tuned)).noneMatch(InferenceResponse::cached);
		assertThat(this.fixture.standIn.requests()).extracting(StandInProvider.ReceivedRequest::path)
			.containsExactly("/v1/models/gemini-3-test:generateContent", "/v1/models/gemini-2:generateContent",
					"/v1/tunedModels/gemini-3-test:generateContent");
	}

	@Test
	void aStrangeModelStaysInItsPlace() {
		InferenceRequest request = InferenceRequest.builder("gemini/../../files?x=#y\n:countTokens").user("Hi").build();
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.fixture.api.infer(request));
		assertThat(this.fixture.standIn.requests()).isEmpty();
		this.fixture.api.infer(InferenceRequest.builder("gemini/a?x=%2F#y\n:countTokens").user("Hi").build());
		assertThat(this.fixture.standIn.lastRequest().path())
			.isEqualTo("/v1/models/gemini%2Fa%3Fx%3D%252F%23y%0A%3AcountTokens:generateContent");
	}

	@Test
	void toolsAreCalledWithTheSignaturesOfTheModel() {
		String call = "{\"functionCall\":{\"name\":\"weather\",\"args\":{\"city\":\"Paris\"}}";
		this.fixture.standIn.enqueue(Reply
			.ok("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + "{\"text\":\"Hm\",\"thought\":true},"
					+ call + ",\"thoughtSignature\":\"sig\"}," + call + "}]},\"finishReason\":\"STOP\"}],"
					+ "\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":5}}"));
		InferenceRequest first = builder("The weather?").tools(WEATHER).build();
		ChatMessage answer = this.fixture.api.infer(first).samples().get(0).message();
		InferenceRequest.Builder second = first.toBuilder().message(answer);
		answer.toolCalls().forEach((toolCall) -> second.message(ChatMessage.toolResult(toolCall.id(), "sunny")));
		assertThat(answer.toolCalls()).hasSize(2);
		assertThat(this.fixture.api.infer(second.build()).text()).startsWith("Answer ");
		assertThat(this.fixture.standIn.lastRequest().json().at("/contents/1/parts/1/thoughtSignature").stringValue())
			.isEqualTo("sig");
		this.fixture.restart();
		ChatMessage replayed = this.fixture.api.infer(first).samples().get(0).message();
		assertThat(replayed).isEqualTo(answer);
		assertThat(this.fixture.api.infer(second.build()).cached()).isTrue();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
	}

	@Test
	void rateLimitIsWaitedForAsTheBodySays() {
		this.fixture.standIn.enqueue(rateLimited("0.001s"));
		assertThat(this.fixture.api.infer(builder("Hello").build()).text()).startsWith("Answer ");
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
		this.fixture.standIn.enqueue(rateLimited("3600s"));
		assertThatExceptionOfType(RateLimitException.class)
			.isThrownBy(() -> this.fixture.api.infer(builder("Bye").build()))
			.satisfies(
					(ex) -> assertThat(ex.getRetryAfter()).hasValueSatisfying((wait) -> assertThat(wait).hasHours(1)));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
	}

	@Test
	void errorInsideASuccessIsTriedAgainAndNeverStored() {
		this.fixture.standIn
			.enqueue(Reply.ok("{\"error\":{\"code\":503,\"message\":\"busy\",\"status\":\"UNAVAILABLE\"}}"));
		InferenceResponse response = this.fixture.api.infer(builder("Hello").build());
		assertThat(response.text()).startsWith("Answer ");
		assertThat(this.fixture.api.infer(builder("Hello").build()).raw()).isEqualTo(response.raw());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
	}

	@Test
	void cutOffAnswerIsTriedAgain() {
		Reply whole = Reply.ok("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Half\"}]},"
				+ "\"finishReason\":\"STOP\"}],\"modelVersion\":\"m\"}");
		this.fixture.standIn.enqueue(whole.cutOffAfter(60), whole.chunked().cutOffAfter(60));
		assertThat(this.fixture.api.infer(builder("Hello").build()).text()).startsWith("Answer ");
		this.fixture.standIn.enqueue(whole.cutOffAfter(60), whole.cutOffAfter(60), whole.cutOffAfter(60));
		assertThatExceptionOfType(MalformedResponseException.class)
			.isThrownBy(() -> this.fixture.api.infer(builder("Bye").build()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}",
			"{\"candidates\":[{\"finishReason\":\"PROHIBITED_CONTENT\",\"index\":0}]}" })
	void whatIsBlockedIsAnAnswerThatIsNotStored(String body) {
		this.fixture.standIn.enqueue(Reply.ok(body));
		InferenceResponse response = this.fixture.api.infer(builder("Hello").build());
		assertThat(response.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
		assertThat(response.samples().get(0).nativeFinishReason()).isEqualTo("PROHIBITED_CONTENT");
		assertThat(response.text()).isEmpty();
		assertThat(this.fixture.api.infer(builder("Hello").build()).cached()).isFalse();
	}

	@Test
	void invalidKeyIsNotTheRequestsFault() {
		this.fixture.standIn.enqueue(Reply.googleError(400, "INVALID_ARGUMENT", "API key not valid.",
				"{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\"}"));
		assertThatExceptionOfType(AuthenticationException.class)
			.isThrownBy(() -> this.fixture.api.infer(builder("Hello").build()))
			.withMessageContaining("API_KEY_INVALID");
	}

	@Test
	void whatTheProviderRefusesIsNotTriedAgain() {
		InferenceRequest request = builder("Hello").parameter("topK", 5).build();
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.fixture.api.infer(request))
			.satisfies((ex) -> assertThat(ex.getProviderMessage())
				.hasValueSatisfying((message) -> assertThat(message).contains("Unknown name \"topK\"")));
		assertThat(this.fixture.standIn.requestCount()).isOne();
	}

	private static Reply rateLimited(String delay) {
		return Reply.googleError(429, "RESOURCE_EXHAUSTED", "Quota exceeded",
				"{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"" + delay + "\"}");
	}

	private static InferenceRequest.Builder builder(String question) {
		return InferenceRequest.builder(MODEL).system("Be brief.").user(question);
	}

}
