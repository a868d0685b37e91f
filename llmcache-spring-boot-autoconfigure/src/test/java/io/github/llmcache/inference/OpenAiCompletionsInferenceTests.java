package io.github.llmcache.inference;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.provider.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.github.llmcache.inference.InferenceFixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * OpenAI's completions, over real HTTP with a stand-in that refuses what is not
 * documented, and a real database.
 */
class OpenAiCompletionsInferenceTests {

	@TempDir
	Path directory;

	private InferenceFixture fixture;

	@BeforeEach
	void start() {
		this.fixture = new InferenceFixture(this.directory, (provider) -> provider.protocol("openai-completions"), 2);
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
			.satisfies((received) -> assertThat(received.path()).isEqualTo("/v1/completions"));
		assertThat(hit.source()).isEqualTo(Source.CACHE);
		assertThat(hit.text()).startsWith("Answer ");
		assertThat(hit.raw()).isEqualTo(miss.raw());
		assertThat(hit.samples()).isEqualTo(miss.samples());
		assertThat(hit.savedCost()).isEqualTo(miss.cost()).isPositive();
	}

	@Test
	void everythingThatIsWrittenIsDocumented() {
		InferenceResponse response = this.fixture.api.infer(request().none(" a time")
			.maxTokens(4)
			.temperature(0)
			.topP(0.5)
			.topLogprobs(2)
			.stop("\n")
			.seed(7)
			.logitBias(Map.of("1", 2.0))
			.parameter("suffix", "The end.")
			.parameter("echo", true)
			.parameter("best_of", 2)
			.build());
		assertThat(this.fixture.standIn.lastRequest().json().path("prompt").stringValue())
			.isEqualTo("Once upon a time");
		assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.infer(request().parameter("not_documented", 1).build()));
	}

	@Test
	void anAnswerIsContinued() {
		InferenceRequest first = request().build();
		InferenceResponse answer = this.fixture.api.infer(first);
		this.fixture.api.infer(first.toBuilder().message(ChatMessage.none(answer.text())).build());
		assertThat(this.fixture.standIn.lastRequest().json().path("prompt").stringValue())
			.isEqualTo("Once upon" + answer.text());
	}

	@Test
	void chatsAreForOtherProtocols() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.fixture.api.ask(MODEL, "Hello"))
			.withMessageContaining("none(…)");
		assertThat(this.fixture.standIn.requestCount()).isZero();
	}

	@Test
	void errors() {
		this.fixture.standIn.enqueue(Reply.rateLimited("3600"));
		assertThatExceptionOfType(RateLimitException.class).isThrownBy(() -> this.fixture.api.infer(request().build()));
		this.fixture.standIn.enqueue(Reply.ok("{\"choices\":[{\"text\":"), Reply.ok("{\"choices\":[{\"text\":"));
		assertThatExceptionOfType(MalformedResponseException.class)
			.isThrownBy(() -> this.fixture.api.infer(request().build()));
		this.fixture.standIn.enqueue(Reply.openAiError(200, "invalid_request_error", null, "no"));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.infer(request().build()));
		assertThat(this.fixture.statistics().writes()).isZero();
	}

	@Test
	void manyPromptsAtOnce() {
		assertThat(
				this.fixture.api.inferAll(List.of(request().build(), request().none("!").build(), request().build())))
			.extracting((result) -> result.orElseThrow().source())
			.containsExactly(Source.PROVIDER, Source.PROVIDER, Source.COALESCED);
	}

	private static InferenceRequest.Builder request() {
		return InferenceRequest.builder(MODEL).none("Once upon");
	}

}
